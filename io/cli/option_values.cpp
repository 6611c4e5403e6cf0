#include "io/cli/option_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "io/cli/figures.h"

namespace engine::io {
namespace {

constexpr unsigned kMostWorkers = 1024;
constexpr double kMostSeconds = 86400;

constexpr std::string_view kDialectNames =
    "auto, tsql, postgresql, mysql, oracle, sqlite, snowflake, bigquery, db2, firebird, generic";

std::string not_allowed(std::string_view text, std::string_view allowed) {
  return fmt::format("'{}' is not allowed; give {}", printable(text), allowed);
}

template <class Number>
std::optional<Number> whole(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

template <class Value>
using FromName = std::optional<Value> (*)(std::string_view name);

// NAME
template <class Value>
ReadValue read_name(Value& to, FromName<Value> from_name, std::string_view names) {
  return [&to, from_name, names = std::string(names)](const std::string& text) {
    const std::optional<Value> value = from_name(text);
    if (!value) return not_allowed(text, names);
    to = *value;
    return std::string();
  };
}

// NAME, or GLOB=NAME
template <class Value>
ReadValue read_rule(Value& to, std::vector<std::pair<std::string, Value>>& globs,
                    FromName<Value> from_name, std::string_view names) {
  return [&to, &globs, from_name, names = std::string(names)](const std::string& text) {
    const std::size_t equals = text.rfind('=');
    const std::string name = equals == std::string::npos ? text : text.substr(equals + 1);
    const std::optional<Value> value = from_name(name);
    if (!value || equals == 0) {
      return not_allowed(text, fmt::format("NAME or GLOB=NAME; the names are {}", names));
    }
    if (equals == std::string::npos) {
      to = *value;
    } else {
      globs.emplace_back(path_glob(text.substr(0, equals)), *value);
    }
    return std::string();
  };
}

template <class Text>
ReadValue take_text(Text& to) {
  return [&to](const std::string& text) {
    to = text;
    return std::string();
  };
}

}  // namespace

ReadValue read_text(std::string& to) { return take_text(to); }
ReadValue read_text(std::optional<std::string>& to) { return take_text(to); }

ReadValue read_workers(unsigned& to) {
  return [&to](const std::string& text) {
    if (text == "auto") {
      to = Options::kAutoWorkers;
      return std::string();
    }
    const auto workers = whole<unsigned>(text);
    if (!workers || *workers > kMostWorkers) {
      return not_allowed(text, fmt::format("a number from 0 to {}, or auto", kMostWorkers));
    }
    to = *workers;
    return std::string();
  };
}

ReadValue read_seconds(std::chrono::nanoseconds& to) {
  return [&to](const std::string& text) {
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0) ||
        seconds > kMostSeconds) {
      return not_allowed(text, fmt::format("seconds from 0 to {}", kMostSeconds));
    }
    to = std::chrono::nanoseconds(std::llround(seconds * 1e9));
    return std::string();
  };
}

template <class Number>
ReadValue read_number(Number& to, Number least, Number most) {
  return [&to, least, most](const std::string& text) {
    const auto number = whole<Number>(text);
    if (!number || *number < least || *number > most) {
      return not_allowed(text, fmt::format("a number from {} to {}", least, most));
    }
    to = *number;
    return std::string();
  };
}
template ReadValue read_number(unsigned&, unsigned, unsigned);
template ReadValue read_number(std::size_t&, std::size_t, std::size_t);

ReadValue read_dialect(Dialect& to) { return read_name(to, dialect_from_name, kDialectNames); }

ReadValue read_encoding(Encoding& to) {
  return read_name(to, encoding_from_name, encoding_names());
}

std::string path_glob(std::string_view written) {
  if (written.starts_with("./")) written.remove_prefix(1);
  while (written.size() > 1 && written.ends_with('/')) written.remove_suffix(1);
  return std::string(written);
}

ReadValue read_dialect_rule(Options& to) {
  return read_rule(to.dialect, to.dialect_globs, dialect_from_name, kDialectNames);
}

ReadValue read_encoding_rule(Options& to) {
  return read_rule(to.encoding, to.encoding_globs, encoding_from_name, encoding_names());
}

ReadValue read_priority_rule(Options& to) {
  return [&to](const std::string& text) {
    const std::size_t equals = text.rfind('=');
    const auto priority = equals == std::string::npos
                              ? std::nullopt
                              : priority_from_name(std::string_view(text).substr(equals + 1));
    if (!priority || equals == 0) {
      return not_allowed(text, "GLOB=critical, GLOB=normal or GLOB=batch");
    }
    to.priority_globs.emplace_back(path_glob(text.substr(0, equals)), *priority);
    return std::string();
  };
}

ReadValue read_choice(std::vector<std::string_view> allowed, std::function<void(std::size_t)> set) {
  return [names = std::move(allowed), set = std::move(set)](const std::string& text) {
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
      return not_allowed(text, fmt::format("{}", fmt::join(names, ", ")));
    }
    set(static_cast<std::size_t>(found - names.begin()));
    return std::string();
  };
}

}  // namespace engine::io
