// Every kernel that this CPU can run answers as the scalar one does. The first bytes of the input
// choose the rules; the rest is the text.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/kernels/kernels.h"
#include "tests/fuzz/fuzz.h"

namespace {

using engine::fuzz::require;
using engine::sql::BytePairs;
using engine::sql::Kernels;
using engine::sql::kScalarKernels;
using engine::sql::RowEnd;
using engine::sql::RowEnds;
using engine::sql::RowHead;
using engine::sql::SkimRules;

constexpr std::size_t kRuleBytes = 4;

SkimRules rules_of(std::string_view choice) {
  SkimRules rules;
  constexpr std::string_view kNames[] = {"", "\"\"", "``", "[]"};
  const auto flags = static_cast<unsigned char>(choice[0]);
  const std::string_view names = kNames[flags & 3];
  if (!names.empty()) rules.set_names(names[0], names[1]);
  rules.letter_prefixes = (flags & 4) != 0;
  rules.parentheses = (flags & 8) != 0;
  rules.backslash = (flags & 16) != 0 && rules.add_stops("\\");
  if ((flags & 32) != 0) rules.line_letter = 'g';
  if ((flags & 64) != 0) rules.line_mark = '/';
  for (const char stop : choice.substr(1)) {
    SkimRules more = rules;
    if (more.add_stops(std::string_view(&stop, 1))) rules = more;
  }
  return rules;
}

void compare_skim(const Kernels& kernels, std::string_view text, const SkimRules& rules) {
  int depth = 0;
  int expected_depth = 0;
  std::size_t from = 0;
  for (int stops = 0; from < text.size() && stops < 32; ++stops) {
    const std::size_t expected = kScalarKernels.skim(text, from, rules, &expected_depth);
    require(kernels.skim(text, from, rules, &depth) == expected, "skim() stops at the same place");
    require(depth == expected_depth, "skim() counts the same parentheses");
    from = expected + 1;
  }
}

void compare_rows(const Kernels& kernels, std::string_view text, const SkimRules& rules) {
  SkimRules with_end = rules;
  const std::size_t head = text.find(' ') + 1;
  if (head == 0 || head > RowHead::kLongest || !with_end.add_stops(";")) return;
  std::array<RowEnd, 8> room;
  std::array<RowEnd, 8> expected_room;
  const std::size_t limit = rules.backslash ? text.size() / 2 : text.size();
  RowEnds ends(RowHead(text.substr(0, head)), ';', 1, limit, room);
  RowEnds expected_ends(RowHead(text.substr(0, head)), ';', 1, limit, expected_room);
  int depth = 0;
  int expected_depth = 0;
  const std::size_t expected =
      kScalarKernels.skim_rows(text, head, with_end, &expected_depth, &expected_ends);
  require(kernels.skim_rows(text, head, with_end, &depth, &ends) == expected,
          "skim_rows() stops at the same place");
  require(depth == expected_depth, "skim_rows() counts the same parentheses");
  const auto same = [](const RowEnd& a, const RowEnd& b) {
    return a.end == b.end && a.next == b.next && a.line == b.line;
  };
  require(std::equal(ends.found().begin(), ends.found().end(), expected_ends.found().begin(),
                     expected_ends.found().end(), same),
          "skim_rows() finds the same rows");
}

void compare_values(const Kernels& kernels, std::string_view text) {
  for (std::size_t from = 0; from < text.size(); from += 1 + from / 8) {
    int depth = 1 + static_cast<int>(from % 3);
    int expected_depth = depth;
    const std::size_t expected = kScalarKernels.skim_values(text, from, &expected_depth);
    require(kernels.skim_values(text, from, &depth) == expected,
            "skim_values() stops at the same place");
    require(depth == expected_depth, "skim_values() counts the same parentheses");
  }
}

void compare_searches(const Kernels& kernels, std::string_view text, char a, char b) {
  BytePairs pairs;
  pairs.add(a, b, 0);
  pairs.add(b, 'x', 1);
  for (std::size_t from = 0; from <= text.size() / 2; from += 1 + from / 8) {
    require(kernels.count(text, from, text.size() - from / 2, a) ==
                kScalarKernels.count(text, from, text.size() - from / 2, a),
            "count() is the same");
    require(kernels.tally(text, from, text.size() - from / 2) ==
                kScalarKernels.tally(text, from, text.size() - from / 2),
            "tally() is the same");
    require(kernels.find_either(text, from, a, b) == kScalarKernels.find_either(text, from, a, b),
            "find_either() finds the same");
    require(kernels.find_pair(text, from, a, b) == kScalarKernels.find_pair(text, from, a, b),
            "find_pair() finds the same");
    require(kernels.find_pairs(text, from, pairs) == kScalarKernels.find_pairs(text, from, pairs),
            "find_pairs() finds the same");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kRuleBytes) return 0;
  static const std::vector<const Kernels*> all = engine::sql::supported_kernels();
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const SkimRules rules = rules_of(input.substr(0, kRuleBytes));
  const std::string_view text = input.substr(kRuleBytes);
  for (const Kernels* kernels : all) {
    compare_skim(*kernels, text, rules);
    compare_rows(*kernels, text, rules);
    compare_values(*kernels, text);
    compare_searches(*kernels, text, input[1], input[2]);
  }
  return 0;
}
