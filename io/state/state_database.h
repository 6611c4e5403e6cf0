// StateDatabase: the state store's file, opened for writing; one that is damaged is moved aside and
// begun anew.
//
// Thread contract: belongs to one thread at a time.
// Errors: kUnwritable, kNoSpace, kInvalid: one line that says what next. Result codes of SQLite
// where more can be done about them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "engine/result.h"
#include "io/base/durability.h"
#include "io/state/database.h"
#include "io/state/source_record.h"
#include "io/state/sources_table.h"

namespace engine::io {

class StateDatabase {
 public:
  static Result<std::unique_ptr<StateDatabase>> open(std::string path, Durability durability);

  /// "is damaged; moved to PATH" when the file has been begun anew since the last call; else
  /// nothing.
  std::optional<std::string> take_begun_anew();

  /// After a result code that is_damage(): this file goes aside, and a new one takes its place.
  Result<void> begin_anew();

  SourcesTable& sources() { return *sources_; }

  /// The number by which records name this text; it keeps it when the file is begun anew.
  int options_id(const std::string& text, std::int64_t& id);

  /// All of them in one transaction, or none.
  int apply(std::span<const SourceChange> changes);

  /// True when another process has written since the last call.
  bool changed_by_another();

  /// What `engine retry` has asked for is done anyway: it is on record as pending.
  int forget_requests();
  /// What `engine retry` asked for, which is then no longer asked for.
  int take_requested(const std::function<void(const SourceRecord&)>& call);

  std::string message() const { return database_.message(); }
  const std::string& path() const { return path_; }

 private:
  StateDatabase(std::string path, Durability durability)
      : path_(std::move(path)), durability_(durability) {}
  int open_file();
  Result<void> check_schema();
  tl::unexpected<Error> cannot_open(int code) const;
  Result<void> move_aside();

  const std::string path_;
  const Durability durability_;
  Database database_;
  std::optional<SourcesTable> sources_;
  std::map<std::string, std::int64_t> options_;  // that records may name
  std::optional<std::string> begun_anew_;        // why
  std::int64_t data_version_ = 0;
};

/// "PATH: cannot open the state store: why; what next".
Error state_store_error(const std::string& path, std::string_view what, int code,
                        const std::string& message);

}  // namespace engine::io
