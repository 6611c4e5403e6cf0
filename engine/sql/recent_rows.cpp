#include "engine/sql/recent_rows.h"

#include "engine/sql/ascii.h"
#include "engine/sql/scanner.h"

namespace engine::sql {
namespace {

// Behind the head the name does not go on: its column list follows, or VALUES.
bool has_head(std::string_view text, std::size_t begin, std::size_t end, std::string_view head) {
  if (text.substr(begin, head.size()) != head) return false;
  if (head.back() == '(') return true;
  const std::size_t next = kNonSpaces.find(text, begin + head.size());
  return head.back() == ' ' && next < end && (text[next] == '(' || lower(text[next]) == 'v');
}

// The beginning of an INSERT of rows, to its table's name and the byte behind, if any other that
// begins with it is one for the same table.
std::string_view head_of(std::string_view text, const Statement& rows) {
  const auto begin = static_cast<std::size_t>(rows.offset);
  const std::size_t behind_name = static_cast<std::size_t>(rows.owner_end) + 1;
  if (behind_name > text.size()) return {};
  const std::string_view head = text.substr(begin, behind_name - begin);
  return has_head(text, begin, text.size(), head) ? head : std::string_view();
}

}  // namespace

void RecentRows::note(const Statement& statement, bool nested) {
  constexpr std::size_t kMost = 8;
  if (statement.role != Role::kData || nested != nested_) rows_.clear();
  nested_ = nested;
  if (statement.role != Role::kData) return;
  const std::string_view head = head_of(text_, statement);
  if (head.empty()) return;
  for (const Rows& rows : rows_) {
    if (rows.head == head) return;
  }
  if (rows_.size() < kMost) {
    rows_.push_back({head, statement});
  } else {
    rows_[next_] = {head, statement};
    next_ = (next_ + 1) % kMost;
  }
}

const Statement* RecentRows::find(std::size_t begin, std::size_t end, bool nested) {
  if (nested != nested_) return nullptr;
  for (Rows& rows : rows_) {
    if (!has_head(text_, begin, end, rows.head)) continue;
    rows.statement.owner_end += begin - rows.statement.offset;
    rows.statement.offset = begin;
    return &rows.statement;
  }
  return nullptr;
}

}  // namespace engine::sql
