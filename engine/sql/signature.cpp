#include "engine/sql/signature.h"

#include <string_view>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"

namespace engine::sql {
namespace {

// Types whose first word is not a parameter's name although another word follows.
constexpr std::string_view kTwoWordTypes[] = {"double", "character", "timestamp", "time",
                                              "bit",    "national",  "interval"};

// The words of one parameter, without its name: "a int" is "int", "double precision" stays.
std::string type_of(const std::vector<std::string>& words) {
  std::size_t first = words.size() > 1 && !equals_any(words[0], kTwoWordTypes) ? 1 : 0;
  if (words.size() > 1 && (words[1] == "(" || words[1] == "[" || words[1] == ".")) first = 0;
  std::string type;
  for (std::size_t i = first; i < words.size(); ++i) {
    const bool tight = i == first || words[i].find_first_of("()[].,") == 0 || words[i - 1] == "(" ||
                       words[i - 1] == "." || words[i - 1] == "[";
    if (!tight) type += ' ';
    type += words[i];
  }
  return type;
}

}  // namespace

std::string read_signature(TokenCursor* cursor) {
  std::string signature;
  std::vector<std::string> words;
  int depth = 0;
  bool value = false;  // behind DEFAULT or '='
  const auto finish_parameter = [&] {
    if (words.empty()) return;
    if (!signature.empty()) signature += ", ";
    signature += type_of(words);
    words.clear();
    value = false;
  };
  cursor->advance();
  while (!cursor->at_end()) {
    if (cursor->is_symbol(')') && depth == 0) break;
    if (cursor->is_symbol('(')) ++depth;
    if (cursor->is_symbol(')')) --depth;
    if (cursor->is_symbol(',') && depth == 0) {
      finish_parameter();
    } else if (cursor->is("default") || cursor->is_symbol('=')) {
      value = true;
    } else if (!value && !(words.empty() && cursor->is_any({"in", "out", "inout", "variadic"}))) {
      words.push_back(catalogue_name(cursor->raw(), cursor->peek().kind, cursor->dialect()));
    }
    cursor->advance();
  }
  finish_parameter();
  cursor->advance();
  return "(" + signature + ")";
}

}  // namespace engine::sql
