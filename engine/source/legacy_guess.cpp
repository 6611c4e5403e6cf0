#include "engine/source/legacy_guess.h"

#include <uchardet/uchardet.h>

#include <algorithm>
#include <bitset>
#include <memory>
#include <optional>
#include <vector>

#include "engine/source/double_byte.h"
#include "engine/source/legacy_text.h"

namespace engine::source {
namespace {

constexpr std::size_t kSampleSize = 64 << 10;

constexpr bool is_high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Text has hardly any control bytes; the images and hashes of a dump have.
bool holds_binary(std::string_view bytes) {
  std::size_t high = 0, controls = 0;
  for (const char c : bytes) {
    high += is_high(c);
    controls += static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\r' && c != '\t';
  }
  return controls > 1 && controls * 50 > high;
}

// The lines that hold bytes above ASCII; no others tell anything.
std::string foreign_lines(std::string_view bytes) {
  std::string sample;
  std::size_t i = 0;
  while (sample.size() < kSampleSize) {
    const auto high =
        std::find_if(bytes.begin() + static_cast<std::ptrdiff_t>(i), bytes.end(), is_high);
    if (high == bytes.end()) break;
    const auto at = static_cast<std::size_t>(high - bytes.begin());
    const std::size_t before = bytes.substr(i, at - i).find_last_of("\r\n");
    const std::size_t begin = before == std::string_view::npos ? i : i + before + 1;
    const std::size_t end = std::min(bytes.find_first_of("\r\n", at), bytes.size());
    const std::string_view line = bytes.substr(begin, end - begin);
    // The foreign part of a line that is too long, cut where no character is.
    std::string_view part = line.substr(at - begin > kSampleSize / 2 ? at - begin : 0);
    if (part.size() > kSampleSize) {
      part = part.substr(0, kSampleSize);
      part = part.substr(0, part.find_last_of(" ,'\"()\t") + 1);
    }
    sample.append(part);
    sample += '\n';
    i = end;
  }
  return sample;
}

// Is it UTF-8 with something else in it? Runs of bytes above ASCII that are UTF-8 from end to end
// are rare by chance, but for the shortest.
bool mostly_utf8(std::string_view sample) {
  constexpr std::size_t kTellingRun = 3;
  std::size_t runs = 0, well = 0;
  for (std::size_t begin = 0; begin < sample.size(); ++begin) {
    if (!is_high(sample[begin])) continue;
    std::size_t end = begin;
    while (end < sample.size() && is_high(sample[end])) ++end;
    const std::string_view run = sample.substr(begin, end - begin);
    runs += run.size() >= kTellingRun;
    well += run.size() >= kTellingRun && utf8_prefix(run) == run.size();
    begin = end;
  }
  return well * 3 > runs;
}

// Is a quote open at the end of the line, when a backslash keeps the next byte from closing it?
bool leaves_open(std::string_view line, ReadDoubleByte read) {
  char open = '\0';
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_high(c)) {
      const std::size_t length = read != nullptr ? read(line, i).length : 1;
      i += length > 1 ? length - 1 : 0;
    } else if (c == '\\') {
      ++i;
    } else if (open != '\0') {
      if (c == open) open = '\0';
    } else if (c == '\'' || c == '"') {
      open = c;
    }
  }
  return open != '\0';
}

struct DoubleByteWeight {
  Encoding encoding = Encoding::k8bit;
  bool possible = true;
  int weight = 0;
  int characters = 0;
  int ascii_trails = 0;  // second bytes that a lexer of bytes would misread
};

void weigh_line(std::string_view line, ReadDoubleByte read, DoubleByteWeight* out) {
  bool backslash = false;
  for (std::size_t i = 0; i < line.size();) {
    if (!is_high(line[i])) {
      ++i;
      continue;
    }
    const DoubleByte character = read(line, i);
    if (character.length == 0) {
      out->possible = false;
      return;
    }
    const std::size_t end = i + character.length;
    const bool ascii_trail = character.length == 2 && !is_high(line[i + 1]);
    // One alone behind a letter, whose second byte is one as well: it's, or an accent.
    const bool in_a_word = i > 0 && is_letter(line[i - 1]) && ascii_trail &&
                           is_letter(line[i + 1]) && (end == line.size() || !is_high(line[end]));
    out->weight += in_a_word ? -2 : character.weight;
    out->characters += character.length > 1;
    out->ascii_trails += ascii_trail;
    backslash = backslash || (ascii_trail && line[i + 1] == '\\');
    i = end;
  }
  if (!backslash) return;
  constexpr int kQuotesTell = 6;
  const bool open = leaves_open(line, read), open_as_bytes = leaves_open(line, nullptr);
  if (open != open_as_bytes) out->weight += open ? -kQuotesTell : kQuotesTell;
}

DoubleByteWeight weigh(std::string_view sample, const DoubleByteEncoding& encoding) {
  DoubleByteWeight out;
  out.encoding = encoding.encoding;
  while (!sample.empty() && out.possible) {
    const std::size_t end = std::min(sample.find('\n'), sample.size());
    weigh_line(sample.substr(0, end), encoding.read, &out);
    sample.remove_prefix(std::min(end + 1, sample.size()));
  }
  return out;
}

// Accented letters stand between letters, and hardly ever side by side.
struct WesternWeight {
  int good = 0;
  int bad = 0;
  int high = 0;
  std::bitset<256> seen;

  bool tells() const { return good >= 3 && bad * 20 <= good; }
};

WesternWeight weigh_western(std::string_view sample) {
  constexpr std::string_view kSigns =
      "\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99\xa0\xa1\xa3\xa7\xa9\xab\xae\xb0\xb4\xb7\xbb"
      "\xbf";
  constexpr std::string_view kMoreLetters = "\x8a\x8c\x8e\x9a\x9c\x9e\x9f";
  WesternWeight out;
  for (std::size_t begin = 0; begin < sample.size(); ++begin) {
    if (!is_high(sample[begin])) continue;
    std::size_t end = begin;
    while (end < sample.size() && is_high(sample[end])) ++end;
    const bool letter_before = begin > 0 && is_letter(sample[begin - 1]);
    const bool letter_behind = end < sample.size() && is_letter(sample[end]);
    const bool backslash_behind = end < sample.size() && sample[end] == '\\';
    const auto run = static_cast<int>(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
      const auto c = static_cast<unsigned char>(sample[i]);
      out.seen.set(c);
      ++out.high;
      const bool letter = (c >= 0xc0 && c != 0xd7 && c != 0xf7) ||
                          kMoreLetters.find(sample[i]) != std::string_view::npos;
      if (run > 3 || (backslash_behind && i + 1 == end)) {
        ++out.bad;
      } else if (letter) {
        (letter_before || letter_behind ? out.good : out.bad) += run == 1 || c < 0xe0 ? 1 : run;
      } else if (c == 0x92 && letter_before && letter_behind) {
        ++out.good;  // it's
      } else if (kSigns.find(sample[i]) == std::string_view::npos) {
        ++out.bad;
      }
    }
    begin = end;
  }
  return out;
}

struct UchardetDelete {
  void operator()(uchardet* handle) const { uchardet_delete(handle); }
};

std::optional<Encoding> ask_uchardet(std::string_view sample) {
  const std::unique_ptr<uchardet, UchardetDelete> handle(uchardet_new());
  if (handle == nullptr) return std::nullopt;
  uchardet_handle_data(handle.get(), sample.data(), sample.size());
  uchardet_data_end(handle.get());
  std::optional<Encoding> told = encoding_from_name(uchardet_get_charset(handle.get()));
  if (told == Encoding::kEucKr) told = Encoding::kCp949;  // which has it all
  if (told && !is_legacy(*told)) return std::nullopt;
  return told;
}

constexpr bool is_double_byte(Encoding encoding) { return encoding >= Encoding::kCp932; }

// The double-byte encoding that says most, if one says enough.
std::optional<EncodingGuess> guess_double_byte(std::string_view sample,
                                               std::optional<Encoding> uchardet) {
  constexpr int kEnough = 4;
  std::vector<DoubleByteWeight> weights;
  for (const DoubleByteEncoding& encoding : kDoubleByteEncodings) {
    const DoubleByteWeight weight = weigh(sample, encoding);
    if (weight.possible && weight.weight >= kEnough && weight.weight * 2 > weight.characters) {
      weights.push_back(weight);
    }
  }
  if (weights.empty()) return std::nullopt;
  std::stable_sort(weights.begin(), weights.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  const DoubleByteWeight& best = weights.front();
  const auto explained = [](const DoubleByteWeight& weight, std::string_view more) {
    return EncodingGuess{weight.encoding, 0,
                         std::to_string(weight.characters) + " double-byte characters, weight " +
                             std::to_string(weight.weight) + std::string(more)};
  };
  // Others that are as likely, within a tenth.
  const auto as_likely = [&](const DoubleByteWeight& weight) {
    return (best.weight - weight.weight) * 10 <= std::max(best.weight, 20);
  };
  if (weights.size() == 1 || !as_likely(weights[1])) return explained(best, "");
  for (const DoubleByteWeight& weight : weights) {
    if (as_likely(weight) && weight.encoding == uchardet) {
      return explained(weight, "; libuchardet decides between several");
    }
  }
  // Whichever it is: read as bytes, letters would be taken for backslashes and brackets.
  if (best.ascii_trails > 0) return explained(best, "; others are as likely");
  return std::nullopt;
}

// Do the bytes above ASCII stand for the same characters in both?
bool same_characters(const std::bitset<256>& seen, Encoding a, Encoding b) {
  std::string bytes;
  for (std::size_t c = 0x80; c < seen.size(); ++c) {
    if (seen.test(c)) bytes += static_cast<char>(c);
  }
  std::string in_a(most_utf8_size(bytes), '\0'), in_b = in_a;
  return LegacyDecoder(a).decode(bytes, in_a).read == bytes.size() &&
         LegacyDecoder(b).decode(bytes, in_b).read == bytes.size() && in_a == in_b;
}

EncodingGuess western_guess(const WesternWeight& western, std::string evidence) {
  for (unsigned c = 0x80; c < 0xa0; ++c) {
    if (western.seen.test(c)) return {Encoding::kCp1252, 0, std::move(evidence)};
  }
  return {Encoding::kIso8859_1, 0, std::move(evidence)};
}

}  // namespace

EncodingGuess guess_legacy(std::string_view bytes) {
  if (holds_binary(bytes)) return {Encoding::k8bit, 0, "holds binary data"};
  const std::string sample = foreign_lines(bytes);
  if (mostly_utf8(sample)) return {Encoding::k8bit, 0, "UTF-8 with other bytes in it"};
  const std::optional<Encoding> uchardet = ask_uchardet(sample);
  const WesternWeight western = weigh_western(sample);
  if (!western.tells()) {
    if (auto guess = guess_double_byte(sample, uchardet)) return *std::move(guess);
  }
  constexpr int kEnoughForStatistics = 12;
  constexpr std::size_t kEnoughLetters = 6;
  if (uchardet && !is_double_byte(*uchardet) && western.high >= kEnoughForStatistics &&
      western.seen.count() >= kEnoughLetters) {
    const bool is_western = *uchardet == Encoding::kCp1252 || *uchardet == Encoding::kIso8859_1;
    const std::string evidence =
        std::to_string(western.high) + " bytes above ASCII; libuchardet tells it";
    if (!is_western) return {*uchardet, 0, evidence};
    if (western.bad * 5 <= western.good) return western_guess(western, evidence);
  }
  // Two of them that differ here: too little to decide.
  const EncodingGuess as_western = western_guess(western, "");
  const bool disputed = uchardet && !is_double_byte(*uchardet) &&
                        !same_characters(western.seen, as_western.encoding, *uchardet);
  if (western.tells() && !disputed) {
    return western_guess(western, std::to_string(western.good) + " accented letters in words");
  }
  return {Encoding::k8bit, 0, std::to_string(western.high) + " bytes above ASCII do not tell"};
}

}  // namespace engine::source
