// SourcesTable: the table `sources`, read and written.
//
// Thread contract: as Database, which must outlive it.
// Errors: SQLite's result codes.
// Source: docs/state.md.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "io/state/database.h"
#include "io/state/source_record.h"

namespace engine::io {

class SourcesTable {
 public:
  explicit SourcesTable(Database& database) : database_(database) {}

  /// For writing; reading does not need it.
  int prepare();
  int apply(const SourceChange& change);

  /// In the order of the bytes of their paths.
  int each_source(const std::string& where,
                  const std::function<void(const SourceRecord&)>& call) const;
  /// All of them, likewise, but of each no more than what came of it: the priority, the request,
  /// hash, error and times of work are left out.
  int each_outcome(const std::function<void(const SourceRecord&)>& call) const;

  /// SQLITE_ROW where there is one.
  int find(const std::string& path, SourceRecord& record) const;

  /// The number of the text, which is given one if it has none.
  int options_id(const std::string& text, std::int64_t& id);
  /// As an earlier file had it.
  int restore_options(const std::string& text, std::int64_t id);

 private:
  int apply_queued(const SourceRecord& record);
  int apply_finished(const SourceRecord& record);
  int apply_gone(const SourceRecord& record);

  Database& database_;
  Statement queued_, started_, waits_, finished_, unchanged_, gone_, forgotten_;
};

}  // namespace engine::io
