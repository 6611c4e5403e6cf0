#include "io/cli/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace engine::io {

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string megabytes(std::uint64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string clock_time(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::clamp(std::ceil(seconds), 0.0, 359999.0));
  if (whole < 3600) return fmt::format("{}:{:02}", whole / 60, whole % 60);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

double per_second(double amount, double seconds) { return seconds > 0 ? amount / seconds : 0; }

std::string passed_over_text(std::uint64_t links, std::uint64_t special_files) {
  std::string text;
  if (links != 0) text = "not followed: " + counted(links, "link");
  if (special_files == 0) return text;
  if (links != 0) text += "; ";
  return text + "passed over: " + counted(special_files, "special file");
}

std::string place_in(std::string_view file, std::uint64_t line, std::uint64_t column) {
  std::string place(file);
  if (line != 0) place += ':' + std::to_string(line);
  if (line != 0 && column != 0) place += ':' + std::to_string(column);
  return place;
}

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace engine::io
