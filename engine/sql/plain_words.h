// plain_words(): the words of a script as detection wants them, without knowing the dialect yet.
//
// Thread contract: pure.
#pragma once

#include <string>
#include <string_view>

namespace engine::sql {

struct PlainWords {
  /// Lower case; comments left out, the rows of COPY, and the insides of strings that end on their
  /// line or stand where values do; blanks as one space. Lines stay lines, empty ones left out.
  std::string words;
  std::string comments;  ///< lower case
};

/// `cut`: the text goes on, and what it ends in may be a value.
PlainWords plain_words(std::string_view text, bool cut);

}  // namespace engine::sql
