#include "io/state/state_database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>
#include <vector>

#include "io/base/os_error.h"
#include "io/base/output_directory.h"
#include "io/state/schema.h"

namespace engine::io {
namespace {

// `engine retry`, or whoever comes first after a crash, may hold the file for an instant.
constexpr const char* kPatience = "PRAGMA busy_timeout = 10000;";
// The cache holds what a folder's sources spread their records over; the journal is long enough
// that a page is copied back once for many changes. That `state` is one of its list is certain
// here, and SQLite makes a table of the list each time it checks a row, which takes more than the
// row: the check is for other programs that write. What Debian's SQLite overwrites with zeros when
// a record moves is no secret.
constexpr const char* kSettings =
    "PRAGMA journal_mode = WAL; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 8000;"
    "PRAGMA ignore_check_constraints = ON; PRAGMA secure_delete = OFF";

// As a disk leaves it that lost what was written.
bool is_empty(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_size == 0;
}

// A place beside `path` where nothing is; empty when there have been too many.
std::string free_place(const std::string& path) {
  for (int number = 1; number < 1000; ++number) {
    std::string place = path + ".damaged-" + std::to_string(number);
    if (::access(place.c_str(), F_OK) != 0) return place;
  }
  return {};
}

// Where only the engine writes, whatever is no database has been one.
bool lies_in_engine_directory(const std::string& path) {
  const std::filesystem::path own = std::filesystem::path(path).parent_path();
  return own.filename() == kEngineDirectory && is_output_directory(AT_FDCWD, (own / "..").string());
}

}  // namespace

Error state_store_error(const std::string& path, std::string_view what, int code,
                        const std::string& message) {
  Error error;
  error.code = (code & 0xff) == SQLITE_FULL ? ErrorCode::kNoSpace : ErrorCode::kUnwritable;
  error.message = path + ": " + std::string(what) + ": " + message;
  error.message += error.code == ErrorCode::kNoSpace
                       ? "; free room there or name another place with --state=PATH"
                       : "; mend that or name another place with --state=PATH";
  return error;
}

Result<std::unique_ptr<StateDatabase>> StateDatabase::open(std::string path,
                                                           Durability durability) {
  std::unique_ptr<StateDatabase> state(new StateDatabase(std::move(path), durability));
  const bool was_empty = is_empty(state->path_);
  // SQLite would delete the journal beside it without a word.
  const bool had_journal = was_empty && ::access((state->path_ + "-wal").c_str(), F_OK) == 0;
  int code = had_journal ? SQLITE_CORRUPT : state->open_file();
  if (was_empty && !had_journal) state->begun_anew_ = "is empty";
  if ((code & 0xff) == SQLITE_NOTADB && !lies_in_engine_directory(state->path_)) {
    return fail(ErrorCode::kInvalid,
                state->path_ +
                    ": does not begin as a state store does, and may be anything: remove "
                    "it, if it was one, or name another place with --state=PATH");
  }
  if (is_damage(code)) {
    if (Result<void> anew = state->begin_anew(); !anew) return tl::make_unexpected(anew.error());
    return state;
  }
  if (code != SQLITE_OK) return state->cannot_open(code);
  if (Result<void> fits = state->check_schema(); !fits) return tl::make_unexpected(fits.error());
  return state;
}

int StateDatabase::open_file() {
  sources_.reset();
  database_.close();
  int code = database_.open(path_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (code == SQLITE_OK) code = database_.execute(kPatience);
  // FULL: a commit is on the disk when it returns. NORMAL: it survives the end of any process, and
  // the file stays whole whatever happens. A file that is new has nothing yet that could be lost.
  const char* const making =
      durability_ == Durability::kPower ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF";
  if (code == SQLITE_OK) code = database_.execute(making);
  if (code == SQLITE_OK) code = database_.execute(kSettings);
  return code;
}

Result<void> StateDatabase::check_schema() {
  const SchemaResult schema = prepare_schema(database_);
  switch (schema.fit) {
    case SchemaFit::kForeign:
      return fail(ErrorCode::kInvalid,
                  path_ + ": is no state store of engine; name another place with --state=PATH");
    case SchemaFit::kNewer:
      return fail(ErrorCode::kInvalid,
                  path_ +
                      ": was written by a newer engine; use that one, or name another place "
                      "with --state=PATH");
    case SchemaFit::kFailed:
      if (is_damage(schema.code)) return begin_anew();
      return cannot_open(schema.code);
    case SchemaFit::kReady:
      break;
  }
  sources_.emplace(database_);
  int code = sources_->prepare();
  for (const auto& [text, id] : options_) {
    if (code == SQLITE_OK) code = sources_->restore_options(text, id);
  }
  if (code == SQLITE_OK && durability_ == Durability::kProcess) {
    code = database_.execute("PRAGMA synchronous = NORMAL");
  }
  // A table that is not there, or another one: SQLITE_ERROR, and as useless as a torn page.
  if (is_damage(code) || (code & 0xff) == SQLITE_ERROR) return begin_anew();
  if (code != SQLITE_OK) return cannot_open(code);
  data_version_ = database_.number("PRAGMA data_version");
  return {};
}

Result<void> StateDatabase::begin_anew() {
  if (begun_anew_) {  // a new file that is damaged at once: the disk is at fault
    return fail(ErrorCode::kUnwritable, path_ + ": the state store is damaged again: " + message() +
                                            "; name another place with --state=PATH");
  }
  if (Result<void> moved = move_aside(); !moved) return moved;
  if (const int code = open_file(); code != SQLITE_OK) return cannot_open(code);
  return check_schema();
}

// What the journal holds belongs to the file and goes with it, before it: a new file beside an old
// journal would get what stands in there.
Result<void> StateDatabase::move_aside() {
  sources_.reset();
  database_.close();
  const std::string place = free_place(path_);
  if (place.empty()) {
    return fail(ErrorCode::kUnwritable,
                path_ + ": the state store is damaged again and again; look at " + path_ +
                    ".damaged-* and remove them");
  }
  for (const char* suffix : {"-shm", "-wal", ""}) {
    const std::string from = path_ + suffix;
    if (::rename(from.c_str(), (place + suffix).c_str()) != 0 && errno != ENOENT) {
      return fail(ErrorCode::kUnwritable, from + ": is damaged and cannot be moved aside: " +
                                              errno_text(errno) + "; remove it");
    }
  }
  begun_anew_ = "is damaged; moved to " + place;
  return {};
}

std::optional<std::string> StateDatabase::take_begun_anew() {
  return std::exchange(begun_anew_, std::nullopt);
}

tl::unexpected<Error> StateDatabase::cannot_open(int code) const {
  return tl::make_unexpected(
      state_store_error(path_, "cannot open the state store", code, message()));
}

int StateDatabase::options_id(const std::string& text, std::int64_t& id) {
  const int code = sources_->options_id(text, id);
  if (code == SQLITE_OK) options_.insert_or_assign(text, id);
  return code;
}

int StateDatabase::apply(std::span<const SourceChange> changes) {
  int code = database_.execute("BEGIN IMMEDIATE");
  if (code != SQLITE_OK) return code;
  for (const SourceChange& change : changes) {
    if (code = sources_->apply(change); code != SQLITE_OK) break;
  }
  if (code == SQLITE_OK) code = database_.execute("COMMIT");
  if (code != SQLITE_OK && database_.in_transaction()) database_.execute("ROLLBACK");
  return code;
}

bool StateDatabase::changed_by_another() {
  const std::int64_t version = database_.number("PRAGMA data_version", data_version_);
  return std::exchange(data_version_, version) != version;
}

int StateDatabase::forget_requests() {
  return database_.execute(
      "UPDATE sources SET requested = 0 WHERE state <> 'done' AND requested = 1");
}

int StateDatabase::take_requested(const std::function<void(const SourceRecord&)>& call) {
  std::vector<SourceRecord> requested;
  int code = sources_->each_source("state <> 'done' AND requested = 1",
                                   [&](const SourceRecord& one) { requested.push_back(one); });
  if (code != SQLITE_OK || requested.empty()) return code;
  if (code = forget_requests(); code != SQLITE_OK) return code;
  for (const SourceRecord& one : requested) call(one);
  return SQLITE_OK;
}

}  // namespace engine::io
