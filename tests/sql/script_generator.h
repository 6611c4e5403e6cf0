// ScriptGenerator: nasty but whole scripts of one dialect, from a grammar. All that a client's
// lexer knows is in them (quotes in comments, comments in quotes, terminators in both, its own
// commands), and everything that is opened is closed. The same seed gives the same script.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace engine::test {

std::string generate_postgresql(std::uint32_t seed);
std::string generate_mysql(std::uint32_t seed);
std::string generate_sqlite(std::uint32_t seed);

/// What the grammars share: chance, and the script so far.
class ScriptWriter {
 public:
  explicit ScriptWriter(std::uint32_t seed) : random_(seed) {}

 protected:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  bool chance(std::uint32_t in) { return below(in) == 0; }

  template <std::size_t n>
  std::string one_of(const std::string_view (&choices)[n]) {
    return std::string(choices[below(n)]);
  }
  /// Up to `limit` of the choices in a row.
  template <std::size_t n>
  std::string some_of(const std::string_view (&choices)[n], std::uint32_t limit) {
    std::string out;
    for (std::uint32_t count = below(limit + 1); count > 0; --count) out += one_of(choices);
    return out;
  }
  /// With carriage returns in some scripts.
  std::string finished(std::string script) {
    if (!chance(6)) return script;
    std::string out;
    for (const char c : script) {
      if (c == '\n') out += '\r';
      out += c;
    }
    return out;
  }

 private:
  std::mt19937 random_;
};

}  // namespace engine::test
