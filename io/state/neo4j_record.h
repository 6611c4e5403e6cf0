// Neo4jRecord: what one Neo4j database has seen of each tree, in the state store, and the rows that
// it refused. Losing it costs sending everything once more.
//
//   seen(), begin(), finish()
//
// Thread contract: belongs to one thread. Others may read and write the same file beside it.
// Errors: kUnreadable, kUnwritable: one line.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/result.h"
#include "io/state/database.h"

namespace engine::io {

class Neo4jRecord {
 public:
  struct Seen {
    std::string load;  ///< the last one, which the database has as well; empty: none
    std::unordered_map<std::string, std::string> trees;  ///< fingerprints; empty: a part of it
  };
  struct SeenTree {
    std::string tree;
    std::string fingerprint;
  };
  struct Rejected {
    std::string tree;
    std::string row;
    std::string reason;
  };

  /// `address` and `database` tell one database from another; `path` is a state store.
  static Result<Neo4jRecord> open(const std::string& path, const std::string& address,
                                  const std::string& database);

  Result<Seen> seen();
  /// A load begins: of these trees the database may have a part from now on. They stay on record,
  /// or those that are removed would be forgotten where the load does not come to its end.
  Result<void> begin(std::string_view load, std::span<const std::string> trees);
  Result<void> finish(std::span<const SeenTree> seen, std::span<const std::string> removed,
                      std::span<const Rejected> rejected);

 private:
  Neo4jRecord() = default;
  Result<void> change(const std::function<int()>& steps);
  tl::unexpected<Error> failure(ErrorCode code) const;

  std::string path_;
  std::unique_ptr<Database> database_;
  std::int64_t id_ = 0;
};

}  // namespace engine::io
