#include "engine/source/source_text.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/source/legacy_text.h"
#include "engine/sql/lines.h"

namespace engine::source {
namespace {

Warning warning_at(std::string_view bytes, std::size_t at) {
  const std::string_view before = bytes.substr(0, at);
  const char mark = sql::line_mark(bytes);
  const std::size_t line_begin = before.rfind(mark) + 1;  // npos + 1 is 0
  Warning warning;
  warning.line = 1 + sql::count_lines(before, mark);
  warning.column = 1 + at - line_begin;
  return warning;
}

// The text in another encoding than the user says.
Warning does_not_fit(std::string_view bytes, std::size_t at, Encoding named) {
  Warning warning = warning_at(bytes, at);
  warning.message = "not " + std::string(encoding_name(named)) +
                    ", or would not come back as it is; all bytes are kept as they are";
  return warning;
}

// Neither by the user nor by the bytes.
Warning is_not_told(std::string_view bytes) {
  Warning warning = warning_at(bytes, utf8_prefix(bytes));
  warning.message =
      "no UTF-8 from here on, and in which encoding it is the bytes do not tell; all are kept as "
      "they are (--encoding=GLOB=NAME decides)";
  return warning;
}

Warning is_not_read() {
  Warning warning;
  warning.line = warning.column = 1;
  warning.message = "UTF-32 is not read, all bytes are kept as they are; convert it to UTF-8";
  return warning;
}

// So much is decoded between two looks whether it is still wanted: in some hundredths of a second.
constexpr std::size_t kStretch = std::size_t{4} << 20;

// Calls `step` with one stretch of the text after the other. Each ends between two characters:
// behind a unit of UTF-16 that is not the first of two, or behind a line. Where none ends, all that
// is left is one.
template <class Step>
Result<void> in_stretches(std::string_view text, Encoding encoding, const std::stop_token& given_up,
                          Step step) {
  while (!text.empty()) {
    if (given_up.stop_requested()) return fail(ErrorCode::kStopped, "given up");
    std::size_t size = text.size();
    if (size > kStretch && is_utf16(encoding)) {
      const auto high =
          static_cast<unsigned char>(text[kStretch - (encoding == Encoding::kUtf16Le ? 1 : 2)]);
      size = (high & 0xfc) == 0xd8 ? kStretch - 2 : kStretch;
    } else if (size > kStretch) {
      const std::size_t line = text.rfind('\n', kStretch);
      size = line != std::string_view::npos ? line + 1 : text.size();
    }
    if (!step(text.substr(0, size))) break;
    text.remove_prefix(size);
  }
  return {};
}

Result<void> decode_utf16(DecodedText* decoded, const AskForRoom& room,
                          const std::stop_token& given_up) {
  const Encoding encoding = decoded->encoding.encoding;
  std::size_t size = 0;
  Result<void> done =
      in_stretches(decoded->text, encoding, given_up, [&](std::string_view stretch) {
        size += utf8_size(stretch, encoding);
        return true;
      });
  if (!done) return done;
  auto out = room(size);
  if (!out) return tl::make_unexpected(std::move(out.error()));
  std::size_t written = 0;
  done = in_stretches(decoded->text, encoding, given_up, [&](std::string_view stretch) {
    written += to_utf8(stretch, encoding, out->subspan(written, size - written));
    return written <= size;
  });
  if (!done) return done;
  if (written != size) return fail(ErrorCode::kChanged, "changed while it was read");
  decoded->text = {out->data(), size};
  return {};
}

Result<void> decode_legacy(DecodedText* decoded, Encoding named, const AskForRoom& room,
                           const std::stop_token& given_up) {
  const std::string_view bytes = decoded->text;
  const Encoding encoding = decoded->encoding.encoding;
  const std::size_t size = most_utf8_size(bytes);
  auto out = room(size);
  if (!out) return tl::make_unexpected(std::move(out.error()));
  LegacyDecoder decoder(encoding);
  LegacyDecoder::Result all;
  Result<void> done = in_stretches(bytes, encoding, given_up, [&](std::string_view stretch) {
    const LegacyDecoder::Result one =
        decoder.decode(stretch, out->subspan(all.written, size - all.written));
    all.read += one.read;
    all.written += one.written;
    return one.read == stretch.size();
  });
  if (!done) return done;
  if (all.read == bytes.size()) {
    decoded->text = {out->data(), all.written};
    return {};
  }
  if (named != Encoding::kAuto) decoded->warning = does_not_fit(bytes, all.read, named);
  decoded->encoding.evidence +=
      "; but byte " + std::to_string(all.read) + " is not " + std::string(encoding_name(encoding));
  decoded->encoding.encoding = Encoding::k8bit;
  return {};
}

}  // namespace

Result<DecodedText> decode(std::string_view bytes, Encoding named, const AskForRoom& room,
                           Look look, const std::stop_token& given_up) {
  DecodedText decoded;
  decoded.encoding = named != Encoding::kAuto ? named_encoding(bytes, named)
                     : look == Look::kFirst   ? detect_encoding_at_first(bytes)
                                              : detect_encoding(bytes);
  decoded.text = bytes.substr(decoded.encoding.mark_length);
  if (decoded.encoding.is_utf32) {
    decoded.warning = is_not_read();
  } else if (named == Encoding::kAuto && decoded.encoding.encoding == Encoding::k8bit) {
    decoded.warning = is_not_told(decoded.text);
  }
  Result<void> done;
  const bool is_named = decoded.encoding.encoding == named && decoded.encoding.mark_length == 0;
  if (named == Encoding::kUtf8 && is_named) {
    const std::size_t fitting = utf8_prefix(decoded.text);
    if (fitting < decoded.text.size()) {
      decoded.warning = does_not_fit(decoded.text, fitting, named);
      decoded.encoding.encoding = Encoding::k8bit;
    }
  }
  if (is_utf16(decoded.encoding.encoding)) done = decode_utf16(&decoded, room, given_up);
  if (is_legacy(decoded.encoding.encoding)) done = decode_legacy(&decoded, named, room, given_up);
  if (!done) return tl::make_unexpected(std::move(done.error()));
  return decoded;
}

void warn_of_whole(const DecodedText& decoded, const sql::DialectGuess& guess,
                   std::vector<Warning>* warnings) {
  if (!guess.is_text) {
    warnings->insert(
        warnings->begin(),
        {0, 0, "holds control characters as no text does: is it SQL? It is kept as it is"});
  }
  if (decoded.warning) warnings->insert(warnings->begin(), *decoded.warning);
}

}  // namespace engine::source
