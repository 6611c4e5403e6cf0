// option_values: the values of options, read from their text.
//
// Thread contract: pure functions.
// Errors: the empty string is success; else what is wrong with the value and what is allowed, to be
// shown behind the option's name.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/options.h"

namespace engine::io {

/// Reads one value into where it belongs.
using ReadValue = std::function<std::string(const std::string& text)>;

ReadValue read_text(std::string& to);
ReadValue read_text(std::optional<std::string>& to);
ReadValue read_workers(unsigned& to);
ReadValue read_seconds(std::chrono::nanoseconds& to);
ReadValue read_dialect(Dialect& to);
ReadValue read_encoding(Encoding& to);

/// A whole number from `least` to `most`.
template <class Number>
ReadValue read_number(Number& to, Number least, Number most);

/// As people write it, like a path: "./sub" is the one in the folder itself, "sub/" a directory.
std::string path_glob(std::string_view written);

/// "NAME", or "GLOB=NAME".
ReadValue read_dialect_rule(Options& to);
ReadValue read_encoding_rule(Options& to);
/// "GLOB=critical" and so on.
ReadValue read_priority_rule(Options& to);

/// One of `allowed`; `set` gets its index.
ReadValue read_choice(std::vector<std::string_view> allowed, std::function<void(std::size_t)> set);

}  // namespace engine::io
