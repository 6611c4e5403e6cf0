#include "engine/order/fixed_steps.h"

#include <algorithm>
#include <string_view>

#include "engine/object_ref.h"
#include "engine/sql/alter_effect.h"
#include "engine/sql/session_setting.h"
#include "engine/sql/token_cursor.h"
#include "engine/sql/transaction_step.h"

namespace engine::order {
namespace {

using sql::TokenCursor;

void skip_statement(TokenCursor* cursor) {
  while (!cursor->at_end() && !cursor->is_symbol(';')) cursor->advance();
  if (!cursor->at_end()) cursor->advance();
}

// SELECT setval('s', 7): the manifest says which rows it is behind.
bool sets_sequence(TokenCursor* cursor) {
  constexpr std::size_t kHead = 6;
  for (std::size_t ahead = 1; ahead < kHead; ++ahead) {
    if (cursor->is("setval", ahead)) return true;
  }
  return false;
}

// A step that nothing depends on but what the manifest tells.
bool is_known_step(TokenCursor* cursor) {
  if (cursor->is_any(
          {"print", "prompt", "show", "go", "rem", "remark", "analyze", "lock", "unlock"})) {
    return true;
  }
  if (cursor->is("select")) return sets_sequence(cursor);
  if (cursor->is_symbol('\\') && cursor->is("if", 1)) return false;
  if (cursor->is_symbol('\\') || cursor->is_any({"set", "reset", "pragma"})) {
    TokenCursor setting = *cursor;
    return !sql::changes_setting(&setting);
  }
  return false;
}

bool is_known_alteration(TokenCursor* cursor) {
  if (!cursor->is("alter")) return true;  // a comment, a grant, a new definition
  if (!cursor->is_any({"table", "foreign"}, 1)) {
    for (; !cursor->at_end() && !cursor->is_symbol(';'); cursor->advance()) {
      if (cursor->is_any({"owner", "owned", "attach"})) return true;
    }
    return false;
  }
  TokenCursor at = *cursor;
  const sql::AlterEffect effect = sql::read_alter_effect(&at);
  return !effect.unknown && !effect.admits && (!effect.shape || effect.attaches);
}

}  // namespace

bool keeps_its_place(const LoadItem& item, Dialect dialect) {
  const bool step = item.kind == LoadItem::Kind::kOther;
  if (item.kind == LoadItem::Kind::kSegment) return false;
  if (!step) {
    if (item.objects.empty()) return false;
    const bool makes =
        std::any_of(item.objects.begin(), item.objects.end(),
                    [](const ObjectRef& object) { return object.action == Action::kCreate; });
    const Action action = item.objects[0].action;
    const std::string_view type = item.objects[0].type;
    if (dialect == Dialect::kSnowflake && (type == "schema" || type == "database")) return true;
    if (makes || (action != Action::kAlter && action != Action::kDrop)) return false;
    if (action == Action::kDrop) return true;
  }
  TokenCursor cursor(item.text, 0, item.text.size(), dialect);
  bool open = false;
  for (; !cursor.at_end(); skip_statement(&cursor)) {
    if (cursor.is_symbol(';')) continue;
    const sql::TransactionStep transaction = sql::read_transaction_step(cursor);
    open = open || transaction.begins();
    if (!open && (transaction.completes() || transaction.undoes())) return true;
    if (transaction.ends()) open = false;
    const bool known = step ? transaction || is_known_step(&cursor) : is_known_alteration(&cursor);
    if (!known) return true;
  }
  return open;
}

}  // namespace engine::order
