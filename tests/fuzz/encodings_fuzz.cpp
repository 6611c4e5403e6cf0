// Whatever the bytes, and whatever encoding they are said to be in: the text that is split gives
// the same bytes back, in chunks cut anywhere too, and each place of it is found in the source.
// What is UTF-8 comes back through UTF-16, and is told from its mark; but for a text that begins
// with U+0000, behind which the mark of little-endian UTF-16 is that of UTF-32. The first byte of
// the input chooses the encoding that the user names (0: none), the second how chunks are cut.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encoder.h"
#include "engine/source/source_text.h"
#include "tests/fuzz/fuzz.h"

namespace {

using engine::Encoder;
using engine::Encoding;
using engine::fuzz::require;
using engine::source::DecodedText;

DecodedText decode(std::string_view bytes, Encoding named, std::vector<char>* room) {
  const auto decoded = engine::source::decode(bytes, named, [&](std::size_t size) {
    *room = std::vector<char>(size);  // of its own size, so that a byte written behind it shows
    return engine::Result<std::span<char>>(*room);
  });
  require(decoded.has_value(), "any bytes are a text");
  return *decoded;
}

std::string encode(std::string_view text, Encoding encoding, std::size_t chunk) {
  Encoder encoder(encoding);
  std::string bytes;
  for (; text.size() > chunk; text.remove_prefix(chunk)) {
    require(encoder.add(text.substr(0, chunk), bytes), "a chunk has a way back");
  }
  require(encoder.add(text, bytes), "the text has a way back");
  require(encoder.is_complete(), "the text ends with a character");
  return bytes;
}

void require_offsets(std::string_view bytes, const DecodedText& decoded, std::size_t step) {
  engine::source::SourceOffsets offsets(decoded.text, decoded.encoding);
  std::uint64_t last = decoded.encoding.mark_length;
  for (std::size_t at = 0; at < decoded.text.size(); at += step) {
    const bool inside = (static_cast<unsigned char>(decoded.text[at]) & 0xc0) == 0x80;
    if (inside && decoded.encoding.encoding != Encoding::k8bit) continue;
    const std::uint64_t place = offsets.at(at);
    require(place >= last && place <= bytes.size(), "places are in order");
    last = place;
  }
  require(offsets.at(decoded.text.size()) == bytes.size(), "the text ends where the source does");
}

void require_way_back(std::string_view bytes, Encoding named, std::size_t chunk) {
  std::vector<char> room;
  const DecodedText decoded = decode(bytes, named, &room);
  const Encoding encoding = decoded.encoding.encoding;
  require(encoding != Encoding::kAuto, "the encoding is decided");
  const std::string_view mark = bytes.substr(0, decoded.encoding.mark_length);
  // Half of a code unit at the end is no text.
  if (engine::is_utf16(encoding)) bytes.remove_suffix((bytes.size() - mark.size()) % 2);
  require(mark.empty() || mark == engine::byte_order_mark(encoding), "the mark is the encoding's");
  if (encoding == Encoding::kUtf8 || encoding == Encoding::k8bit) {
    require(decoded.text == bytes.substr(mark.size()), "the text is the bytes");
  } else {
    require(std::string(mark) + encode(decoded.text, encoding, decoded.text.size()) == bytes,
            "the text gives the bytes back");
    require(std::string(mark) + encode(decoded.text, encoding, chunk) == bytes,
            "so do chunks of it");
  }
  require_offsets(bytes, decoded, chunk);
}

void require_utf16(std::string_view text) {
  for (const Encoding encoding : {Encoding::kUtf16Le, Encoding::kUtf16Be}) {
    std::string bytes(engine::byte_order_mark(encoding));
    if (!Encoder(encoding).add(text, bytes)) return;
    std::vector<char> room;
    const DecodedText decoded = decode(bytes, Encoding::kAuto, &room);
    require(decoded.encoding.encoding == encoding, "the mark tells the encoding");
    require(decoded.text == text, "UTF-8 comes back through UTF-16");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  constexpr unsigned kEncodings = static_cast<unsigned>(Encoding::kCp949) + 1;
  const auto named = static_cast<Encoding>(data[0] % kEncodings);
  const std::size_t chunk = 1 + data[1] % 16;
  const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  require_way_back(bytes, named, chunk);
  require_way_back(bytes, Encoding::kAuto, chunk);
  const bool is_utf8 = engine::source::utf8_prefix(bytes) == bytes.size();
  if (is_utf8 && !bytes.starts_with('\0')) require_utf16(bytes);
  return 0;
}
