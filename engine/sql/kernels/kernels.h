// Kernels: the loops over bytes that a splitter spends its time in, in one version for each kind of
// vector unit. The best one for this CPU is chosen when the program starts.
//
// All versions give the same answers; the scalar one says in plain code what they are. None reads
// a byte outside the text.
//
// Thread contract: pure, any thread; use_kernels() only while no other thread is here.
// Units: positions are bytes of the text; "not found" is its size.
// Source: Langdale, Lemire: Parsing Gigabytes of JSON per Second (2019), for quotes as bit masks.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/sql/kernels/byte_pairs.h"
#include "engine/sql/kernels/skim_rules.h"

namespace engine::sql {

/// What a stretch of text holds. A pair is a '\n' behind a '\r', which may stand before the
/// stretch.
struct Tally {
  std::uint64_t feeds = 0;
  std::uint64_t returns = 0;
  std::uint64_t pairs = 0;
  bool ascii = true;

  bool operator==(const Tally&) const = default;
};

struct Kernels {
  const char* name;
  /// As SkimRules says. `depth` is that of parentheses, before and after.
  /// REQUIRES: text[from] is outside quotes and names.
  std::size_t (*skim)(std::string_view text, std::size_t from, const SkimRules& rules, int* depth);
  /// skim() over statement after statement, as long as `rows` takes their ends.
  /// REQUIRES: text[from] is in a statement that began with the head of `rows`, outside
  /// parentheses; the terminator is a stop, one of the marks from '!' to '?'.
  std::size_t (*skim_rows)(std::string_view text, std::size_t from, const SkimRules& rules,
                           int* depth, RowEnds* ends);
  /// To behind the ')' that closes the last of `depth` parentheses, which is 0 then. It stops
  /// before that, and only there, at what parentheses may be a part of besides '...': a '"', a '[',
  /// "--" and "/*". What an open quote holds is passed over, to the size of the text. REQUIRES:
  /// *depth > 0; text[from] is outside quotes, names and comments.
  std::size_t (*skim_values)(std::string_view text, std::size_t from, int* depth);
  /// The first `a` or `b` from `from` on.
  std::size_t (*find_either)(std::string_view text, std::size_t from, char a, char b);
  /// The first `a` with a `b` behind it.
  std::size_t (*find_pair)(std::string_view text, std::size_t from, char a, char b);
  /// The first place of two bytes that the pairs may hold.
  std::size_t (*find_pairs)(std::string_view text, std::size_t from, const BytePairs& pairs);
  /// How many bytes of text[from, end) are `c`.
  std::uint64_t (*count)(std::string_view text, std::size_t from, std::size_t end, char c);
  /// Of text[from, end).
  Tally (*tally)(std::string_view text, std::size_t from, std::size_t end);
};

extern const Kernels kScalarKernels;

/// Those this CPU can run, the scalar one first.
std::vector<const Kernels*> supported_kernels();

namespace detail {
extern std::atomic<const Kernels*> chosen_kernels;
}

/// Relaxed: it points to constants, and changes only where no other thread looks.
inline const Kernels& kernels() { return *detail::chosen_kernels.load(std::memory_order_relaxed); }

/// For tests and benchmarks.
inline void use_kernels(const Kernels& chosen) {
  detail::chosen_kernels.store(&chosen, std::memory_order_relaxed);
}

}  // namespace engine::sql
