#include "engine/sql/detect_dialect.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"
#include "engine/sql/clue_match.h"
#include "engine/sql/dialect_clues.h"
#include "engine/sql/plain_words.h"

namespace engine::sql {
namespace {

constexpr std::size_t kFirstLook = 1 << 10;  // bytes

// One clue often repeated proves no more than a few times of it.
constexpr int kMostCounted = 3;

bool has_text(const DialectClue& clue) { return clue.where <= Where::kNamed; }

// Up to eight bytes of a text from `at` on as a number, NULs behind its end.
std::uint64_t word_at(std::string_view text, std::size_t at) {
  std::uint64_t word = 0;
  if (text.size() - at >= sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
  } else {
    text.copy(reinterpret_cast<char*>(&word), sizeof word, at);
  }
  return word;
}

// A clue that may stand where its first eight bytes do.
struct Candidate {
  std::uint64_t prefix;
  std::uint64_t mask;
  std::size_t clue;  // among dialect_clues()
};

constexpr std::uint64_t first_bytes(std::size_t count) {
  return count < sizeof(std::uint64_t) ? (std::uint64_t{1} << 8 * count) - 1 : ~std::uint64_t{0};
}

// Clues by their first bytes, of which each has as many or more. Whether there are any is told from
// a bit, and all bits are in the processor's first cache.
class ClueTable {
 public:
  explicit ClueTable(std::size_t bytes) : key_(first_bytes(bytes)) {}

  void add(std::string_view beginning, std::size_t clue) {
    candidates_.push_back({word_at(beginning, 0), first_bytes(beginning.size()), clue});
  }
  /// Once, when all are there.
  void arrange() {
    std::stable_sort(candidates_.begin(), candidates_.end(), [&](const auto& a, const auto& b) {
      return bucket(a.prefix) < bucket(b.prefix);
    });
    for (const Candidate& candidate : candidates_) {
      any_.set(bucket(candidate.prefix));
      ++begin_[bucket(candidate.prefix) + 1];
    }
    std::partial_sum(begin_.begin(), begin_.end(), begin_.begin());
  }

  /// Those that may stand where a word begins so.
  std::span<const Candidate> of(std::uint64_t word) const {
    const std::size_t at = bucket(word);
    if (!any_[at]) return {};
    return std::span(candidates_).subspan(begin_[at], begin_[at + 1] - begin_[at]);
  }

 private:
  static constexpr unsigned kBits = 13;
  std::size_t bucket(std::uint64_t word) const {
    return static_cast<std::size_t>((word & key_) * 0x9e3779b97f4a7c15 >> (64 - kBits));
  }

  std::uint64_t key_;
  std::vector<Candidate> candidates_;
  std::bitset<1 << kBits> any_;
  std::array<std::uint16_t, (1 << kBits) + 1> begin_{};
};

// All clues, so that one walk over the text looks for all of them. Many begin with the same word
// ("set nocount"), so those that are long enough are told by more of their bytes.
class Index {
 public:
  explicit Index(bool comments) {
    const auto clues = dialect_clues();
    for (std::size_t i = 0; i < clues.size(); ++i) {
      const DialectClue& clue = clues[i];
      if (clue.where == Where::kNamed || (clue.where == Where::kComment) != comments) continue;
      for (const std::string_view text : clue_beginnings(clue)) {
        (text.size() < kMiddle ? short_ : text.size() < kLong ? middle_ : long_).add(text, i);
      }
    }
    short_.arrange();
    middle_.arrange();
    long_.arrange();
  }

  /// Counts the clues that stand at `at`.
  void count(std::string_view text, std::size_t at, std::vector<int>* counts) const {
    const std::uint64_t word = word_at(text, at);
    count_among(short_.of(word), text, at, word, counts);
    count_among(middle_.of(word), text, at, word, counts);
    count_among(long_.of(word), text, at, word, counts);
  }

 private:
  static constexpr std::size_t kMiddle = 3, kLong = 6;  // bytes

  static void count_among(std::span<const Candidate> candidates, std::string_view text,
                          std::size_t at, std::uint64_t word, std::vector<int>* counts) {
    for (const Candidate& candidate : candidates) {
      if ((word & candidate.mask) != candidate.prefix) continue;
      int& count = (*counts)[candidate.clue];
      if (count == kMostCounted) continue;
      const DialectClue& clue = dialect_clues()[candidate.clue];
      if (has_text(clue) && text.compare(at, clue.text.size(), clue.text) != 0) continue;
      count += clue_fits(text, at, clue);
    }
  }

  ClueTable short_{1}, middle_{kMiddle}, long_{kLong};
};

void count_clues(std::string_view text, const Index& index, std::vector<int>* counts) {
  bool in_word = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool inside = std::exchange(in_word, kWordBytes.contains(text[at]));
    if (inside && in_word) continue;  // no clue begins within a word
    index.count(text, at, counts);
  }
}

// Those of comments begin a line, or stand one blank from its start. Of most lines the first byte
// tells that there is none.
void count_in_comments(std::string_view text, const Index& index, std::vector<int>* counts) {
  constexpr ByteSet kBegins("-/");
  for (std::size_t line = 0; line < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', line), text.size());
    const std::size_t blanks = text[line] == ' ' && line + 1 < end ? 1 : 0;
    if (kBegins.contains(text[line + blanks])) {
      index.count(lower(text.substr(line, end - line)), blanks, counts);
    }
    line = end;
  }
}

// Who wrote a script tells nothing: MySQL's are "Copyright (c), Oracle and/or its affiliates".
bool is_copyright(std::string_view line) {
  return line.find("copyright") != std::string_view::npos;
}

// Each line is read once, however often it names the product.
std::size_t find_named(std::string_view comments, std::string_view product) {
  std::size_t at = comments.find(product);
  while (at != std::string_view::npos) {
    std::size_t next = at + 1;
    if (whole_words(comments, at, product)) {
      const std::size_t begin = comments.rfind('\n', at) + 1;  // npos + 1 is 0
      next = std::min(comments.find('\n', at), comments.size());
      if (!is_copyright(comments.substr(begin, next - begin))) return at;
    }
    at = comments.find(product, next);
  }
  return at;
}

// "DB Server: Db2": the first product that the comments name.
void count_named(std::string_view comments, std::vector<int>* counts) {
  const auto clues = dialect_clues();
  std::size_t first = std::string_view::npos, clue = 0;
  for (std::size_t i = 0; i < clues.size(); ++i) {
    const DialectClue& candidate = clues[i];
    if (candidate.where != Where::kNamed) continue;
    const std::size_t at = find_named(comments, candidate.text);
    if (at < first) {
      first = at;
      clue = i;
    }
  }
  if (first != std::string_view::npos) (*counts)[clue] = 1;
}

struct Found {
  int score;
  std::string text;
};
struct Verdict {
  Dialect dialect = Dialect::kGeneric;
  int score = 0;
  int different = 0;  // clues, however often each of them
  bool own = false;   // something that no other dialect has, or its product is named
  bool shaped = false;
  bool phrased = false;       // words that stand behind one another
  bool contradicted = false;  // something that the dialect has not
  std::vector<Found> found;
};

// What no name of a column or a function can pass for.
bool is_shape(const DialectClue& clue) {
  return clue.where == Where::kLine || clue.where == Where::kParameter ||
         clue.where == Where::kUnterminated || clue.where == Where::kBracketName ||
         clue.where == Where::kPivotName || clue.where == Where::kServerName;
}

// "bulk insert": of the grammar, where one word may be a name. Those of little weight are what
// other dialects' statements hold as well.
bool is_phrase(const DialectClue& clue) {
  const bool has_words = clue.text.substr(0, clue.text.size() - 1).find(' ') != clue.text.npos;
  return clue.where == Where::kTopRows || (has_text(clue) && clue.weight > 1 && has_words);
}

void add(const DialectClue& clue, int count, Verdict* verdict) {
  constexpr int kOwn = 4;
  verdict->dialect = clue.dialect;
  verdict->score += count * clue.weight;
  verdict->different += clue.weight > 1;
  verdict->own |= clue.weight >= kOwn || clue.where == Where::kNamed;
  verdict->shaped |= is_shape(clue);
  verdict->phrased |= is_phrase(clue);
  verdict->contradicted |= clue.weight < 0;
  std::string text(clue.weight < 0 ? "against it: " : "");
  text += clue.text.substr(0, clue.text.find('\n'));
  if (clue.where == Where::kLine) text += " line";
  if (clue.where == Where::kNamed) text += " in a comment";
  text += ": " + std::to_string(count) + (count == kMostCounted ? " or more" : "");
  verdict->found.push_back({count * clue.weight, std::move(text)});
}

// Units that are batches: taken for such a dialect, a whole file is one.
bool has_batches(Dialect dialect) { return dialect == Dialect::kTsql; }

// One clue often repeated may be a name that a script has chosen.
bool is_sound(const Verdict& verdict) {
  return !has_batches(verdict.dialect) || verdict.shaped || verdict.different > 1;
}

// Nothing speaks for another dialect, nor against the first.
bool is_alone(std::span<const Verdict> verdicts) {
  return verdicts[0].phrased && !verdicts[0].contradicted && verdicts[1].score <= 0;
}

// Outside of strings and comments text has hardly any control characters, but for the sign of its
// end that some systems write, and what separates.
bool is_text(std::string_view words) {
  constexpr std::size_t kFew = 4, kTimes = 32;
  constexpr unsigned char kEnd = 0x1a, kDelete = 0x7f;
  std::size_t controls = 0;
  for (const char c : words) {
    // Without a branch, so that the compiler looks at many bytes at once.
    const auto byte = static_cast<unsigned char>(c);
    const bool is_low = (byte < '\t') | ((byte > '\r') & (byte < ' ') & (byte != kEnd));
    controls += static_cast<std::size_t>(is_low | (byte == kDelete));
  }
  return controls <= kFew || controls * kTimes <= words.size();
}

struct Judgement {
  DialectGuess guess;
  Dialect likely = Dialect::kGeneric;
  bool beyond_doubt = false;  // no more text could change it
};

// Of the first `size` bytes.
Judgement judge(std::string_view whole, std::size_t size) {
  const std::string_view sample = whole.substr(0, size);
  static const Index in_words(false), in_comments(true);
  std::vector<int> counts(dialect_clues().size());
  const PlainWords plain = plain_words(sample, size < whole.size());
  count_clues(plain.words, in_words, &counts);
  count_named(plain.comments, &counts);
  count_in_comments(sample, in_comments, &counts);

  std::array<Verdict, static_cast<std::size_t>(Dialect::kGeneric) + 1> verdicts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const DialectClue& clue = dialect_clues()[i];
    add(clue, counts[i], &verdicts[static_cast<std::size_t>(clue.dialect)]);
  }
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const Verdict& a, const Verdict& b) { return a.score > b.score; });
  // With hardly any evidence, the rules that all have in common are the safest: those of T-SQL
  // would take the whole text for one batch.
  constexpr int kEnough = 4, kMargin = 3, kSome = 2, kSomeForBatches = 3;
  constexpr int kPlenty = 32, kTimes = 8;
  DialectGuess guess;
  const bool sound = is_sound(verdicts[0]);
  const int some = has_batches(verdicts[0].dialect) ? kSomeForBatches : kSome;
  const bool own = verdicts[0].own && !verdicts[0].contradicted;
  if (verdicts[0].score >= some && (sound || own || is_alone(verdicts))) {
    guess.dialect = verdicts[0].dialect;
  }
  guess.is_text = is_text(plain.words);
  guess.uncertain = !guess.is_text || !sound || verdicts[0].score < kEnough ||
                    verdicts[0].score < verdicts[1].score + kMargin;
  for (Verdict& verdict : std::span(verdicts).first(2)) {
    const bool against = verdict.dialect != guess.dialect;
    if (against && !guess.uncertain) break;
    std::stable_sort(verdict.found.begin(), verdict.found.end(),
                     [](const Found& a, const Found& b) { return a.score > b.score; });
    for (Found& clue : verdict.found) {
      const std::string prefix =
          against ? "but " + std::string(dialect_name(verdict.dialect)) + ": " : "";
      guess.evidence.push_back(prefix + std::move(clue.text));
    }
  }
  const bool beyond_doubt = guess.is_text && sound && verdicts[0].score >= kPlenty &&
                            verdicts[0].score >= kTimes * verdicts[1].score;
  const Dialect likely = verdicts[0].score > 0 ? verdicts[0].dialect : Dialect::kGeneric;
  return {std::move(guess), likely, beyond_doubt};
}

}  // namespace

DialectGuess detect_dialect(std::string_view text) {
  FirstLook first = first_look(text);
  return first.verdict ? std::move(*first.verdict) : look_further(text);
}

FirstLook first_look(std::string_view text) {
  Judgement first = judge(text, kFirstLook);
  if (!first.beyond_doubt && text.size() > kFirstLook) return {std::nullopt, first.likely};
  return {std::move(first.guess), first.likely};
}

// A text with little evidence, or with evidence for two, is read on in steps.
DialectGuess look_further(std::string_view text) {
  constexpr std::size_t kSecondLook = 4 << 10, kUsual = 16 << 10, kMost = 4 << 20;
  if (text.size() > kSecondLook) {
    Judgement second = judge(text, kSecondLook);
    if (second.beyond_doubt) return std::move(second.guess);
  }
  for (std::size_t size = kUsual;; size *= 8) {
    DialectGuess guess = judge(text, size).guess;
    if (!guess.uncertain || size >= text.size() || size > kMost) return guess;
  }
}

}  // namespace engine::sql
