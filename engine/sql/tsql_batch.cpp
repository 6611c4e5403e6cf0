#include "engine/sql/tsql_batch.h"

#include <vector>

#include "engine/sql/token_cursor.h"

namespace engine::sql {
namespace {

// Most batches have fewer, and are read once.
constexpr std::size_t kAtOnce = 512;

}  // namespace

Batch::Batch(std::string_view text, std::size_t begin, std::size_t end)
    : text_(text.substr(0, end)), reader_(text, begin, end) {
  reader_.read_on(kAtOnce);
  const std::vector<BatchStatement>& known = reader_.statements();
  has_one_ = reader_.at_end() && known.size() == 1 && known.front().opening == 0;
  enter();
}

bool Batch::is_separable() {
  if (!reader_.separable() || reader_.at_end()) return reader_.separable();
  BatchReader ahead(reader_);
  while (ahead.separable() && !ahead.at_end()) ahead.read_on(kAtOnce);
  return ahead.separable();
}

void Batch::enter() {
  // The last one that is known goes on with what is read next.
  if (entry_ + 1 >= reader_.statements().size() && !reader_.at_end()) {
    reader_.read_on(kAtOnce);
    entry_ = 0;
  }
  const std::vector<BatchStatement>& known = reader_.statements();
  begin_ = entry_ < known.size() ? known[entry_].begin : text_.size();
  entry_end_ = entry_ + 1 < known.size() ? known[entry_ + 1].begin : text_.size();
  end_ = 0;
}

std::size_t Batch::end() {
  if (end_ != 0) return end_;
  end_ = entry_end_;
  if (entry().opening == 0) return end_;
  const std::string_view opening = text_.substr(begin_, entry().opening);
  TokenCursor cursor(text_, begin_, entry_end_, Dialect::kTsql);
  cursor.pass_values(begin_ + opening.size());
  const std::size_t next = next_row(text_, cursor.position());
  if (next < entry_end_ && text_.substr(next).starts_with(opening)) end_ = next;
  return end_;
}

void Batch::next() {
  begin_ = end();
  end_ = 0;
  if (begin_ != entry_end_) return;
  ++entry_;
  enter();
}

}  // namespace engine::sql
