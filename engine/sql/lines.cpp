#include "engine/sql/lines.h"

namespace engine::sql {

std::string_view line_ends_name(std::string_view text) {
  if (text.find('\r') == std::string_view::npos) {
    return text.find('\n') == std::string_view::npos ? "none" : "lf";
  }
  const std::uint64_t feeds = count_lines(text, '\n');
  const std::uint64_t returns = count_lines(text, '\r');
  std::uint64_t pairs = 0;
  for (std::size_t at = text.find('\r'); at != text.npos; at = text.find('\r', at + 1)) {
    pairs += at + 1 < text.size() && text[at + 1] == '\n';
  }
  if (pairs == feeds && pairs == returns) return "crlf";
  return feeds == 0 ? "cr" : "mixed";
}

}  // namespace engine::sql
