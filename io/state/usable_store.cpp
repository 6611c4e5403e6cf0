#include "io/state/usable_store.h"

#include <sys/stat.h>

#include <cerrno>

#include "io/state/schema.h"

namespace engine::io {

tl::unexpected<Error> unreadable_store(const std::string& path, const std::string& why) {
  return fail(ErrorCode::kUnreadable, path + ": cannot read the state store: " + why);
}

Result<void> check_usable(Database& database, const std::string& path, int code) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 && errno == ENOENT) {
    return fail(ErrorCode::kNotFound,
                path +
                    ": there is no state store; a load makes one: engine INPUT_DIR OUTPUT_DIR, and "
                    "where it was given --state=PATH, give that here too");
  }
  if (S_ISREG(status.st_mode) && status.st_size == 0) {
    return unreadable_store(path, "it is empty; the next load begins it anew");
  }
  if (is_damage(code)) {
    return unreadable_store(
        path, "it is damaged, or no state store: the next load moves it aside, or says so");
  }
  if (code != SQLITE_OK) return unreadable_store(path, database.message());
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
  if (is_damage(schema.code)) return check_usable(database, path, schema.code);
  return unreadable_store(path, database.message());
}

}  // namespace engine::io
