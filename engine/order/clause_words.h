// is_clause_word(): words that are part of a definition's grammar and no names there, although an
// object may be called so: LANGUAGE, DATE, ROLE.
//
// Thread contract: pure.
#pragma once

#include <string_view>

namespace engine::order {

/// In any letter case.
bool is_clause_word(std::string_view word);

}  // namespace engine::order
