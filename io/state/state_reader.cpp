#include "io/state/state_reader.h"

#include <sys/stat.h>

#include <cerrno>
#include <utility>

#include "io/base/os_error.h"
#include "io/state/schema.h"
#include "io/state/sources_table.h"

namespace engine::io {
namespace {

tl::unexpected<Error> unreadable(const std::string& path, const std::string& why) {
  return fail(ErrorCode::kUnreadable, path + ": cannot read the state store: " + why);
}

// '?', '#' and '%' mean something in a URI.
std::string uri_of(const std::string& path) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '?' || c == '#' || c == '%') {
      const auto byte = static_cast<unsigned char>(c);
      uri.append({'%', digits[byte >> 4], digits[byte & 15]});
    } else {
      uri += c;
    }
  }
  return uri;
}

// Where the file lies on a disk that cannot be written, SQLite must be told that nobody does.
int open_reading(Database& database, const std::string& path) {
  struct stat file {};
  struct stat journal {};
  const bool is_there = ::stat(path.c_str(), &file) == 0;
  // SQLite would delete the journal of an empty one.
  if (is_there && file.st_size == 0 && S_ISREG(file.st_mode)) return SQLITE_CANTOPEN;
  int code = database.open(path, SQLITE_OPEN_READONLY);
  if (code == SQLITE_OK) code = database.execute("PRAGMA busy_timeout = 10000");
  if (code == SQLITE_OK) code = database.execute("SELECT count(*) FROM sqlite_schema");
  const bool is_whole = is_there && S_ISREG(file.st_mode) &&
                        (::stat((path + "-wal").c_str(), &journal) != 0 || journal.st_size == 0);
  if (((code & 0xff) == SQLITE_CANTOPEN || (code & 0xff) == SQLITE_READONLY) && is_whole) {
    code = database.open(uri_of(path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
  }
  return code;
}

Result<void> check(Database& database, const std::string& path, int code) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) {
    return fail(ErrorCode::kNotFound,
                path +
                    ": there is no state store; a load makes one: engine INPUT_DIR OUTPUT_DIR, and "
                    "where it was given --state=PATH, give that here too");
  }
  if (S_ISREG(status.st_mode) && status.st_size == 0) {
    return unreadable(path, "it is empty; the next load begins it anew");
  }
  if (is_damage(code)) {
    return unreadable(path,
                      "it is damaged, or no state store: the next load moves it aside, or says so");
  }
  if (code != SQLITE_OK) return unreadable(path, database.message());
  const SchemaResult schema = check_schema(database);
  switch (schema.fit) {
    case SchemaFit::kReady:
      return {};
    case SchemaFit::kForeign:
      return fail(ErrorCode::kInvalid, path + ": is no state store of engine");
    case SchemaFit::kNewer:
      return fail(ErrorCode::kInvalid, path + ": was written by a newer engine; use that one");
    case SchemaFit::kFailed:
      break;
  }
  if (is_damage(schema.code)) return check(database, path, schema.code);
  return unreadable(path, database.message());
}

constexpr std::string_view kRequest =
    "UPDATE sources SET state = 'pending', requested = 1, attempts = 0, error = NULL WHERE ";

Result<void> open_writing(const std::string& path, Database& database) {
  int code = database.open(path, SQLITE_OPEN_READWRITE);
  if (code == SQLITE_OK) code = database.execute("PRAGMA busy_timeout = 10000");
  return check(database, path, code);
}

tl::unexpected<Error> cannot_write(const std::string& path, const Database& database) {
  return fail(ErrorCode::kUnwritable,
              path + ": cannot write the state store: " + database.message());
}

}  // namespace

Result<StateReader> StateReader::open(const std::string& path) {
  StateReader reader;
  reader.path_ = path;
  reader.database_ = std::make_unique<Database>();
  const int code = open_reading(*reader.database_, path);
  if (Result<void> usable = check(*reader.database_, path, code); !usable) {
    return tl::make_unexpected(std::move(usable.error()));
  }
  return reader;
}

Result<StateReader::Counts> StateReader::counts() {
  Counts counts{};
  Statement rows;
  if (database_->prepare("SELECT state, count(*) FROM sources GROUP BY state", rows) != SQLITE_OK) {
    return cannot_read();
  }
  int code = SQLITE_OK;
  while ((code = rows.step()) == SQLITE_ROW) {
    const std::optional<SourceState> state = state_from_name(rows.text(0));
    if (state) {
      counts[static_cast<std::size_t>(*state)] += static_cast<std::uint64_t>(rows.number(1));
    }
  }
  if (code != SQLITE_DONE) return cannot_read();
  return counts;
}

Result<void> StateReader::each(SourceState state,
                               const std::function<void(const SourceRecord&)>& call) {
  const std::string condition = "state = '" + std::string(state_name(state)) + "'";
  if (SourcesTable(*database_).each_source(condition, call) != SQLITE_OK) {
    return cannot_read();
  }
  return {};
}

tl::unexpected<Error> StateReader::cannot_read() const {
  return unreadable(path_, database_->message());
}

std::optional<SourceRecord> StateReader::find(const std::string& path) {
  SourceRecord record;
  if (SourcesTable(*database_).find(path, record) != SQLITE_ROW) return std::nullopt;
  return record;
}

Result<std::uint64_t> request_failed(const std::string& path) {
  Database database;
  if (Result<void> usable = open_writing(path, database); !usable) {
    return tl::make_unexpected(std::move(usable.error()));
  }
  const std::string request = std::string(kRequest) + "state = 'failed'";
  if (database.execute(request.c_str()) != SQLITE_OK) {
    return cannot_write(path, database);
  }
  return static_cast<std::uint64_t>(database.changes());
}

namespace {

// Why a source cannot be asked for: it is gone, or was never there.
Error not_asked_for(Database& database, const std::string& source) {
  Statement gone;
  const int code = database.prepare(
      "SELECT strftime('%Y-%m-%d %H:%M:%S', finished_ns / 1000000000, 'unixepoch', 'localtime')"
      " FROM sources WHERE path = ?1",
      gone);
  if (code == SQLITE_OK && gone.bind(1, source).step() == SQLITE_ROW) {
    return fail(ErrorCode::kNotFound,
                source + ": is gone since " + std::string(gone.text(0)) +
                    ", on record: there is nothing to retry; when it is there again, the running "
                    "watch or the next load does it")
        .value();
  }
  return fail(ErrorCode::kNotFound,
              source + ": no such source is on record; name it by its path below INPUT_DIR")
      .value();
}

}  // namespace

Result<std::uint64_t> request_sources(const std::string& path,
                                      const std::vector<std::string>& sources) {
  Database database;
  if (Result<void> usable = open_writing(path, database); !usable) {
    return tl::make_unexpected(std::move(usable.error()));
  }
  // What ends early is rolled back when the database is closed.
  Statement request;
  if (database.execute("BEGIN IMMEDIATE") != SQLITE_OK ||
      database.prepare(std::string(kRequest) + "path = ?1 AND state <> 'gone'", request) !=
          SQLITE_OK) {
    return cannot_write(path, database);
  }
  for (const std::string& source : sources) {
    if (request.bind(1, source).run() != SQLITE_OK) return cannot_write(path, database);
    if (database.changes() == 0) return tl::make_unexpected(not_asked_for(database, source));
  }
  if (database.execute("COMMIT") != SQLITE_OK) return cannot_write(path, database);
  return sources.size();
}

}  // namespace engine::io
