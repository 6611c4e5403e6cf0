// VolatileCode: which routines of a script do more than work on their arguments: they read or write
// tables, count, run what is put together. Rows that run such code, by a trigger, a default, a
// check or a call, keep their place among the rows of all tables.
//
// Thread contract: confined to one thread; borrows the text and the book.
// Cost: a body is looked through when rows may run it, once. What is not known counts as volatile.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "engine/dependency/name_book.h"
#include "engine/dialect.h"
#include "engine/reference.h"

namespace engine::dependency {

/// Of what a text refers to.
std::vector<Reference> calls_of(const std::vector<Reference>& references);

class VolatileCode {
 public:
  /// `book` outlives it.
  VolatileCode(Dialect dialect, const NameBook* book) : dialect_(dialect), book_(*book) {}

  /// What the script makes a routine from, and what that refers to. The text outlives it. True:
  /// answers that were given before may be others now.
  bool note(std::size_t routine, std::string_view name, std::string_view text,
            const std::vector<Reference>& references);

  bool is_volatile(std::size_t routine) { return reaches_volatile({routine}); }

  /// Of a trigger with its body. That it counts by a sequence which it names is not asked.
  bool is_volatile(std::string_view text, const std::vector<Reference>& references);

  /// Of a definition or of rows: a volatile routine of the script is called.
  bool calls_volatile(const std::vector<Reference>& references);

  /// A step of the script runs code that may make triggers or defaults without naming them.
  bool makes_anything(std::string_view text, const std::vector<Reference>& references);

 private:
  struct Code {
    std::string_view text;
    bool touches_rows = false;
    std::vector<Reference> calls;
    std::optional<bool> acts;   ///< once it has been asked,
    std::optional<bool> makes;  ///< and so
  };

  bool touches(const Code& code) const;
  bool acts(Code* code) const;
  bool add_called(const std::vector<Reference>& references, std::vector<std::size_t>* routines);
  bool reaches_volatile(std::vector<std::size_t> routines);
  static Code code_of(std::string_view text, const std::vector<Reference>& references);

  const Dialect dialect_;
  const NameBook& book_;
  std::unordered_map<std::size_t, Code> codes_;  // by routine
  std::unordered_set<std::size_t> plain_;        // known not to be
  std::unordered_set<std::string> missed_;       // called before they were there, in lower case
};

}  // namespace engine::dependency
