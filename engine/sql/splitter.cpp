#include "engine/sql/splitter.h"

#include <utility>

#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

std::unique_ptr<UnitFinder> make_finder(std::string_view text, Dialect dialect) {
  switch (dialect) {
    case Dialect::kTsql:
      return make_tsql_finder(text);
    case Dialect::kPostgresql:
      return make_postgresql_finder(text);
    case Dialect::kMysql:
      return make_mysql_finder(text);
    case Dialect::kOracle:
      return make_oracle_finder(text);
    case Dialect::kSqlite:
      return make_sqlite_finder(text);
    default:
      return make_script_finder(text, dialect);
  }
}

}  // namespace

Splitter::Splitter(std::string_view text, Dialect dialect) : finder_(make_finder(text, dialect)) {}
Splitter::~Splitter() = default;
void Splitter::set_follower(std::function<void(LinePlace)> follower) {
  finder_->set_follower(std::move(follower));
}

SplitParts Splitter::find() { return finder_->next(); }

// Parts one by one.
bool Splitter::refill() {
  if (ready_.empty()) ready_ = find();
  if (ready_.parts.empty() && !ready_.rows.empty()) {
    row_ = {ready_.rows.unit(0), ready_.rows.gap(0)};
    ready_ = {row_, ready_.rows.behind(1)};
  }
  return !ready_.empty();
}

const std::vector<Warning>& Splitter::warnings() const { return finder_->warnings(); }

}  // namespace engine::sql
