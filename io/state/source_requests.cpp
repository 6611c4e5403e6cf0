#include "io/state/source_requests.h"

#include <filesystem>
#include <set>
#include <string_view>
#include <utility>

#include "io/state/database.h"
#include "io/state/usable_store.h"

namespace engine::io {
namespace {

constexpr std::string_view kRequest =
    "UPDATE sources SET state = 'pending', requested = 1, attempts = 0, error = NULL WHERE ";

Result<void> open_writing(const std::string& path, Database& database) {
  int code = database.open(path, SQLITE_OPEN_READWRITE);
  if (code == SQLITE_OK) code = database.execute("PRAGMA busy_timeout = 10000");
  return check_usable(database, path, code);
}

tl::unexpected<Error> cannot_write(const std::string& path, const Database& database) {
  return fail(ErrorCode::kUnwritable,
              path + ": cannot write the state store: " + database.message());
}

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
  const bool is_absolute = source.starts_with('/');
  return fail(ErrorCode::kNotFound,
              source + (is_absolute ? ": is an absolute path, and sources are on record by theirs "
                                      "below INPUT_DIR; name it by that"
                                    : ": no such source is on record; name it by its path below "
                                      "INPUT_DIR"))
      .value();
}

}  // namespace

Result<SourceRequests> request_failed(const std::string& path) {
  Database database;
  if (Result<void> usable = open_writing(path, database); !usable) {
    return tl::make_unexpected(std::move(usable.error()));
  }
  const std::string request = std::string(kRequest) + "state = 'failed'";
  if (database.execute(request.c_str()) != SQLITE_OK) {
    return cannot_write(path, database);
  }
  return SourceRequests{static_cast<std::uint64_t>(database.changes()), {}};
}

Result<SourceRequests> request_sources(const std::string& path,
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
  std::set<std::string> named;
  SourceRequests requests;
  for (const std::string& given : sources) {
    // As `find .` prints it, or a shell completes it.
    const std::string source = std::filesystem::path(given).lexically_normal().string();
    if (!named.insert(source).second) continue;
    if (request.bind(1, source).run() != SQLITE_OK) return cannot_write(path, database);
    if (database.changes() == 0) {
      requests.not_queued.push_back(not_asked_for(database, source));
    } else {
      ++requests.queued;
    }
  }
  if (database.execute("COMMIT") != SQLITE_OK) return cannot_write(path, database);
  return requests;
}

}  // namespace engine::io
