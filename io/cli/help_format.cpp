#include "io/cli/help_format.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace engine::io {
namespace {

constexpr std::size_t kNameColumns = 30;
constexpr std::size_t kMeaningColumns = 66;

// Where the first line of `text` ends: at the last space that leaves it short enough.
std::size_t line_end(std::string_view text) {
  if (text.size() <= kMeaningColumns) return text.size();
  const std::size_t space = text.rfind(' ', kMeaningColumns);
  return space == std::string_view::npos ? kMeaningColumns : space;
}

}  // namespace

std::string HelpFormat::make_usage(const CLI::App* /*app*/, std::string /*name*/) const {
  return usage_;
}

// One empty line between two groups; CLI11 itself makes it two.
std::string HelpFormat::make_group(std::string group, bool is_positional,
                                   std::vector<const CLI::Option*> options) const {
  std::string text = Formatter::make_group(std::move(group), is_positional, std::move(options));
  return is_positional ? text + "\n" : text.substr(std::min<std::size_t>(1, text.size()));
}

std::string HelpFormat::make_option(const CLI::Option* option, bool is_positional) const {
  std::string name = "  " + option->get_name(is_positional, true);
  if (!is_positional && option->get_expected_min() > 0) name += "=" + option->get_type_name();
  std::string out;
  if (name.size() + 1 > kNameColumns) {
    out = name + "\n";
    name.clear();
  }
  std::string_view rest = option->get_description();
  do {
    const std::string_view line = rest.substr(0, line_end(rest));
    out += fmt::format("{:<{}}{}\n", name, kNameColumns, line);
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    name.clear();
  } while (!rest.empty());
  return out;
}

}  // namespace engine::io
