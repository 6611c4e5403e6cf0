// ConflictWords: do rows rest on keys that are there? ON CONFLICT and ON DUPLICATE KEY stand behind
// the rows, so the words are looked for in the text, once for all rows, a stretch ahead at a time.
//
// Thread contract: confined to one thread; borrows the text.
// Units: bytes of the text. Cost: the text is read once, as long as questions come in its order.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/dependency/text_marks.h"

namespace engine::dependency {

class ConflictWords {
 public:
  explicit ConflictWords(std::string_view text);

  /// Rows that are let in, or take the place of others, by the keys that there are. A string that
  /// holds one of the words near its statement's end counts as well.
  bool rest_on_keys(std::size_t begin, std::size_t end);

  /// What is true of each of some statements.
  struct OfAll {
    bool rest_on_keys = false;
    std::size_t until = 0;  ///< of those that end here or before
  };
  /// Of statements that follow each other in text[begin, end), each of which begins with `head`, up
  /// to its values. Where nothing is known of all, `until` is `begin`.
  OfAll of_all(std::string_view head, std::size_t begin, std::size_t end);

 private:
  std::size_t find_word(std::size_t begin, std::size_t end);

  const std::string_view text_;
  std::string_view plain_opening_;  // of the rows asked about last: "INSERT INTO "
  TextMarks words_;
};

/// The same of one statement by itself.
inline bool rest_on_keys(std::string_view statement) {
  return ConflictWords(statement).rest_on_keys(0, statement.size());
}

/// REPLACE, INSERT OR REPLACE: rows that others go for.
bool replaces(std::string_view statement);

}  // namespace engine::dependency
