#include "io/state/sources_table.h"

#include <array>
#include <utility>

namespace engine::io {
namespace {

// A request stands until somebody takes it up (StateDatabase::take_requested()): what is begun or
// ended by then may have been read before it was made.
constexpr std::string_view kQueued =
    "INSERT INTO sources (path, state, priority, tree, device, inode, size, mtime_ns, ctime_ns,"
    " queued_ns) VALUES (?1, 'pending', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"
    " ON CONFLICT (path) DO UPDATE SET state = 'pending', priority = ?2, tree = ?3,"
    " device = ?4, inode = ?5, size = ?6, mtime_ns = ?7, ctime_ns = ?8, queued_ns = ?9,"
    " attempts = 0, error = NULL";
constexpr std::string_view kStarted =
    "INSERT INTO sources (path, state, started_ns, attempts) VALUES (?1, 'running', ?2, 1)"
    " ON CONFLICT (path) DO UPDATE SET state = 'running', started_ns = ?2,"
    " attempts = attempts + 1";
constexpr std::string_view kWaits =
    "INSERT INTO sources (path, state, attempts, error) VALUES (?1, 'pending', ?2, ?3)"
    " ON CONFLICT (path) DO UPDATE SET state = 'pending', attempts = ?2, error = ?3";
// A ctime of 0 is that of no version: then the recorded one stays.
constexpr std::string_view kFinished =
    "INSERT INTO sources (path, state, tree, device, inode, size, mtime_ns, ctime_ns, hash,"
    " options, durability, attempts, error, finished_ns, elapsed_ns)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    " ON CONFLICT (path) DO UPDATE SET state = iif(requested = 1, 'pending', ?2),"
    " tree = coalesce(?3, tree),"
    " device = iif(?8 = 0, device, ?4), inode = iif(?8 = 0, inode, ?5),"
    " size = iif(?8 = 0, size, ?6), mtime_ns = iif(?8 = 0, mtime_ns, ?7),"
    " ctime_ns = iif(?8 = 0, ctime_ns, ?8), hash = ?9, options = ?10,"
    " durability = ?11, attempts = ?12, error = ?13, finished_ns = ?14, elapsed_ns = ?15";
constexpr std::string_view kUnchanged =
    "UPDATE sources SET state = iif(requested = 1, 'pending', 'done'), device = ?2, inode = ?3, "
    "size = ?4,"
    " mtime_ns = ?5, ctime_ns = ?6, error = NULL WHERE path = ?1";
constexpr std::string_view kGone =
    "INSERT INTO sources (path, state, tree, finished_ns) VALUES (?1, 'gone', ?2, ?3)"
    " ON CONFLICT (path) DO UPDATE SET state = 'gone', requested = 0, finished_ns = ?3";
constexpr std::string_view kForgotten = "DELETE FROM sources WHERE path = ?1 AND state = 'gone'";

// What a row costs to read is its columns, and a start reads every row.
constexpr std::string_view kOutcome =
    "path, state, tree, device, inode, size, mtime_ns, ctime_ns, options, durability, attempts,"
    " queued_ns, finished_ns";
constexpr std::string_view kRest =
    ", priority, requested, hash, error, started_ns, elapsed_ns";  // behind those

std::string select(std::string_view rest) {
  return std::string("SELECT ").append(kOutcome).append(rest).append(" FROM sources");
}

// Device and inode may use all 64 bits; SQLite's integers have a sign.
std::int64_t as_signed(std::uint64_t number) { return static_cast<std::int64_t>(number); }
std::uint64_t as_unsigned(std::int64_t number) { return static_cast<std::uint64_t>(number); }

void bind_version(Statement& statement, int first, const SourceVersion& version) {
  statement.bind(first, as_signed(version.device))
      .bind(first + 1, as_signed(version.inode))
      .bind(first + 2, as_signed(version.size))
      .bind(first + 3, version.mtime_ns)
      .bind(first + 4, version.ctime_ns);
}

void bind_text_or_null(Statement& statement, int parameter, const std::string& text) {
  text.empty() ? statement.bind_null(parameter) : statement.bind(parameter, text);
}

void read_outcome(const Statement& row, SourceRecord& record) {
  record.path = row.text(0);
  record.state = state_from_name(row.text(1)).value_or(SourceState::kPending);
  record.tree = row.text(2);
  record.version = {as_unsigned(row.number(3)), as_unsigned(row.number(4)),
                    as_unsigned(row.number(5)), row.number(6), row.number(7)};
  record.options = row.number(8);
  record.durability = row.text(9) == durability_name(Durability::kPower) ? Durability::kPower
                                                                         : Durability::kProcess;
  record.attempts = row.number(10);
  record.queued_ns = row.number(11);
  record.finished_ns = row.number(12);
}

void read_record(const Statement& row, SourceRecord& record) {
  read_outcome(row, record);
  const std::int64_t priority = row.number(13);
  record.priority =
      priority >= 1 && priority <= 3 ? static_cast<Priority>(priority) : Priority::kNormal;
  record.requested = row.number(14) != 0;
  record.hash = row.text(15);
  record.error = row.text(16);
  record.started_ns = row.number(17);
  record.elapsed_ns = row.number(18);
}

template <class Read>
int each_row(Statement& rows, Read read, const std::function<void(const SourceRecord&)>& call) {
  SourceRecord record;
  int code = SQLITE_OK;
  while ((code = rows.step()) == SQLITE_ROW) {
    read(rows, record);
    call(record);
  }
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

}  // namespace

int SourcesTable::prepare() {
  const std::array statements = {
      std::pair(kQueued, &queued_),       std::pair(kStarted, &started_),
      std::pair(kWaits, &waits_),         std::pair(kFinished, &finished_),
      std::pair(kUnchanged, &unchanged_), std::pair(kGone, &gone_),
      std::pair(kForgotten, &forgotten_)};
  for (const auto& [sql, statement] : statements) {
    if (const int code = database_.prepare(sql, *statement); code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

int SourcesTable::apply(const SourceChange& change) {
  const SourceRecord& record = change.record;
  switch (change.kind) {
    case SourceChange::Kind::kQueued:
      return apply_queued(record);
    case SourceChange::Kind::kStarted:
      return started_.bind(1, record.path).bind(2, record.started_ns).run();
    case SourceChange::Kind::kWaits:
      return waits_.bind(1, record.path).bind(2, record.attempts).bind(3, record.error).run();
    case SourceChange::Kind::kFinished:
      return apply_finished(record);
    case SourceChange::Kind::kUnchanged:
      unchanged_.bind(1, record.path);
      bind_version(unchanged_, 2, record.version);
      return unchanged_.run();
    case SourceChange::Kind::kGone:
      return apply_gone(record);
    case SourceChange::Kind::kForgotten:
      return forgotten_.bind(1, record.path).run();
    case SourceChange::Kind::kDropped:
      break;
  }
  return SQLITE_OK;
}

int SourcesTable::apply_queued(const SourceRecord& record) {
  queued_.bind(1, record.path).bind(2, static_cast<std::int64_t>(record.priority));
  bind_text_or_null(queued_, 3, record.tree);
  bind_version(queued_, 4, record.version);
  return queued_.bind(9, record.queued_ns).run();
}

int SourcesTable::apply_finished(const SourceRecord& record) {
  finished_.bind(1, record.path).bind(2, state_name(record.state));
  bind_text_or_null(finished_, 3, record.tree);
  bind_version(finished_, 4, record.version);
  bind_text_or_null(finished_, 9, record.hash);
  record.options == 0 ? finished_.bind_null(10) : finished_.bind(10, record.options);
  finished_.bind(11, durability_name(record.durability)).bind(12, record.attempts);
  bind_text_or_null(finished_, 13, record.error);
  return finished_.bind(14, record.finished_ns).bind(15, record.elapsed_ns).run();
}

int SourcesTable::apply_gone(const SourceRecord& record) {
  gone_.bind(1, record.path);
  bind_text_or_null(gone_, 2, record.tree);
  return gone_.bind(3, record.finished_ns).run();
}

int SourcesTable::each_source(const std::string& where,
                              const std::function<void(const SourceRecord&)>& call) const {
  Statement rows;
  const int code = database_.prepare(select(kRest) + " WHERE " + where + " ORDER BY path", rows);
  return code == SQLITE_OK ? each_row(rows, read_record, call) : code;
}

int SourcesTable::each_outcome(const std::function<void(const SourceRecord&)>& call) const {
  Statement rows;
  const int code = database_.prepare(select({}) + " ORDER BY path", rows);
  return code == SQLITE_OK ? each_row(rows, read_outcome, call) : code;
}

int SourcesTable::find(const std::string& path, SourceRecord& record) const {
  Statement rows;
  int code = database_.prepare(select(kRest) + " WHERE path = ?1", rows);
  if (code != SQLITE_OK) return code;
  code = rows.bind(1, path).step();
  if (code == SQLITE_ROW) read_record(rows, record);
  return code;
}

int SourcesTable::restore_options(const std::string& text, std::int64_t id) {
  Statement insert;
  const int code = database_.prepare("INSERT INTO options (id, text) VALUES (?1, ?2)", insert);
  return code == SQLITE_OK ? insert.bind(1, id).bind(2, text).run() : code;
}

int SourcesTable::options_id(const std::string& text, std::int64_t& id) {
  Statement insert, select;
  int code =
      database_.prepare("INSERT INTO options (text) VALUES (?1) ON CONFLICT DO NOTHING", insert);
  if (code == SQLITE_OK) code = insert.bind(1, text).run();
  if (code == SQLITE_OK) code = database_.prepare("SELECT id FROM options WHERE text = ?1", select);
  if (code != SQLITE_OK) return code;
  code = select.bind(1, text).step();
  if (code != SQLITE_ROW) return code;
  id = select.number(0);
  return SQLITE_OK;
}

}  // namespace engine::io
