#include "io/state/state_reader.h"

#include <sys/stat.h>

#include <utility>

#include "io/state/sources_table.h"
#include "io/state/usable_store.h"

namespace engine::io {
namespace {

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

}  // namespace

Result<StateReader> StateReader::open(const std::string& path) {
  StateReader reader;
  reader.path_ = path;
  reader.database_ = std::make_unique<Database>();
  const int code = open_reading(*reader.database_, path);
  if (Result<void> usable = check_usable(*reader.database_, path, code); !usable) {
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
  return unreadable_store(path_, database_->message());
}

std::optional<SourceRecord> StateReader::find(const std::string& path) {
  SourceRecord record;
  if (SourcesTable(*database_).find(path, record) != SQLITE_ROW) return std::nullopt;
  return record;
}

}  // namespace engine::io
