#include "engine/organize/statement_references.h"

#include <utility>

namespace engine::organize {

void StatementReferences::find(const sql::Statement& statement) {
  FoundReferences* const known = std::exchange(known_, nullptr);
  if (known != nullptr) {
    std::swap(found_, *known);
  } else {
    find_references(statement, text_, dialect_, &lines_, &found_);
  }
}

void StatementReferences::move_to(const std::vector<std::size_t>& places, Draft* draft) {
  for (auto& [object, path] : found_.own_paths) {
    draft->objects.set_search_path(places[object], std::move(path));
  }
  for (std::size_t i = 0; i < found_.all.size(); ++i) {
    if (found_.sayers[i] == FoundReferences::kNobody) continue;
    draft->references.push_back({places[found_.sayers[i]], std::move(found_.all[i])});
  }
}

}  // namespace engine::organize
