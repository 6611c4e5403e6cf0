// plain_words(): the words of a script as detection wants them, without knowing the dialect yet.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

namespace engine::sql {

struct PlainWords {
  /// Lower case; comments left out, and the insides of strings that end on their line; blanks as
  /// one space. Lines stay lines, empty ones left out.
  std::string words;
  std::string comments;  ///< lower case
};

PlainWords plain_words(std::string_view text);

}  // namespace engine::sql
