#include "engine/source/source_text.h"

#include <string>
#include <utility>

#include "engine/source/legacy_text.h"
#include "engine/sql/lines.h"

namespace engine::source {
namespace {

// The text in another encoding than the user says.
Warning does_not_fit(std::string_view bytes, std::size_t at, Encoding named) {
  const std::string_view before = bytes.substr(0, at);
  const char mark = sql::line_mark(bytes);
  const std::size_t line_begin = before.rfind(mark) + 1;  // npos + 1 is 0
  Warning warning;
  warning.line = 1 + sql::count_lines(before, mark);
  warning.column = 1 + at - line_begin;
  warning.message = "not " + std::string(encoding_name(named)) +
                    ", or would not come back as it is; all bytes are kept as they are";
  return warning;
}

Warning is_not_read() {
  Warning warning;
  warning.line = warning.column = 1;
  warning.message = "UTF-32 is not read, all bytes are kept as they are; convert it to UTF-8";
  return warning;
}

Result<void> decode_utf16(DecodedText* decoded, const AskForRoom& room) {
  const Encoding encoding = decoded->encoding.encoding;
  const std::size_t size = utf8_size(decoded->text, encoding);
  auto out = room(size);
  if (!out) return tl::make_unexpected(std::move(out.error()));
  if (to_utf8(decoded->text, encoding, out->first(size)) != size) {
    return fail(ErrorCode::kChanged, "changed while it was read");
  }
  decoded->text = {out->data(), size};
  return {};
}

Result<void> decode_legacy(DecodedText* decoded, Encoding named, const AskForRoom& room) {
  const std::string_view bytes = decoded->text;
  const std::size_t size = most_utf8_size(bytes);
  auto out = room(size);
  if (!out) return tl::make_unexpected(std::move(out.error()));
  LegacyDecoder decoder(decoded->encoding.encoding);
  const LegacyDecoder::Result done = decoder.decode(bytes, out->first(size));
  if (done.read == bytes.size()) {
    decoded->text = {out->data(), done.written};
    return {};
  }
  if (named != Encoding::kAuto) decoded->warning = does_not_fit(bytes, done.read, named);
  decoded->encoding.evidence += "; but byte " + std::to_string(done.read) + " is not " +
                                std::string(encoding_name(decoded->encoding.encoding));
  decoded->encoding.encoding = Encoding::k8bit;
  return {};
}

}  // namespace

Result<DecodedText> decode(std::string_view bytes, Encoding named, const AskForRoom& room,
                           Look look) {
  DecodedText decoded;
  decoded.encoding = named != Encoding::kAuto ? named_encoding(bytes, named)
                     : look == Look::kFirst   ? detect_encoding_at_first(bytes)
                                              : detect_encoding(bytes);
  decoded.text = bytes.substr(decoded.encoding.mark_length);
  if (decoded.encoding.is_utf32) decoded.warning = is_not_read();
  Result<void> done;
  const bool is_named = decoded.encoding.encoding == named && decoded.encoding.mark_length == 0;
  if (named == Encoding::kUtf8 && is_named) {
    const std::size_t fitting = utf8_prefix(decoded.text);
    if (fitting < decoded.text.size()) {
      decoded.warning = does_not_fit(decoded.text, fitting, named);
      decoded.encoding.encoding = Encoding::k8bit;
    }
  }
  if (is_utf16(decoded.encoding.encoding)) done = decode_utf16(&decoded, room);
  if (is_legacy(decoded.encoding.encoding)) done = decode_legacy(&decoded, named, room);
  if (!done) return tl::make_unexpected(std::move(done.error()));
  return decoded;
}

}  // namespace engine::source
