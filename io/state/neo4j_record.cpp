#include "io/state/neo4j_record.h"

#include <utility>

#include "io/state/schema.h"

namespace engine::io {
namespace {

constexpr const char* kRecordSettings = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = NORMAL";

}  // namespace

Result<Neo4jRecord> Neo4jRecord::open(const std::string& path, const std::string& address,
                                      const std::string& database) {
  Neo4jRecord record;
  record.path_ = path;
  record.database_ = std::make_unique<Database>();
  Database& store = *record.database_;
  int code = store.open(path, SQLITE_OPEN_READWRITE);
  if (code == SQLITE_OK) code = store.execute(kRecordSettings);
  if (code == SQLITE_OK && prepare_schema(store).fit != SchemaFit::kReady) code = SQLITE_ERROR;
  Statement add;
  if (code == SQLITE_OK) {
    code = store.prepare(
        "INSERT INTO neo4j_databases (address, database, load) VALUES (?, ?, '')"
        " ON CONFLICT DO UPDATE SET load = load RETURNING id",
        add);
  }
  if (code == SQLITE_OK) {
    code = add.bind(1, std::string_view(address)).bind(2, std::string_view(database)).step();
  }
  if (code != SQLITE_ROW) return record.failure(ErrorCode::kUnwritable);
  record.id_ = add.number(0);
  while (code == SQLITE_ROW) code = add.step();
  if (code != SQLITE_DONE) return record.failure(ErrorCode::kUnwritable);
  return record;
}

tl::unexpected<Error> Neo4jRecord::failure(ErrorCode code) const {
  return tl::make_unexpected(Error{code, path_ + ": what Neo4j has seen: " + database_->message()});
}

Result<Neo4jRecord::Seen> Neo4jRecord::seen() {
  Seen seen;
  Statement load;
  Statement trees;
  if (database_->prepare("SELECT load FROM neo4j_databases WHERE id = ?", load) != SQLITE_OK ||
      database_->prepare("SELECT tree, fingerprint FROM neo4j_trees WHERE database = ?", trees) !=
          SQLITE_OK) {
    return failure(ErrorCode::kUnreadable);
  }
  if (load.bind(1, id_).step() == SQLITE_ROW) seen.load = load.text(0);
  trees.bind(1, id_);
  int code = SQLITE_ROW;
  while ((code = trees.step()) == SQLITE_ROW) {
    seen.trees.emplace(trees.text(0), trees.text(1));
  }
  if (code != SQLITE_DONE) return failure(ErrorCode::kUnreadable);
  return seen;
}

Result<void> Neo4jRecord::begin(std::string_view load, std::span<const std::string> trees) {
  return change([&] {
    Statement mark;
    Statement doubt;
    Statement forget_rejected;
    int code = database_->prepare("UPDATE neo4j_databases SET load = ? WHERE id = ?", mark);
    if (code == SQLITE_OK) code = mark.bind(1, load).bind(2, id_).run();
    if (code == SQLITE_OK) {
      code = database_->prepare(
          "INSERT OR REPLACE INTO neo4j_trees (database, tree, fingerprint) VALUES (?, ?, '')",
          doubt);
    }
    if (code == SQLITE_OK) {
      code = database_->prepare("DELETE FROM neo4j_rejected WHERE database = ? AND tree = ?",
                                forget_rejected);
    }
    for (const std::string& tree : trees) {
      for (Statement* const statement : {&doubt, &forget_rejected}) {
        if (code == SQLITE_OK) code = statement->bind(1, id_).bind(2, std::string_view(tree)).run();
      }
    }
    return code;
  });
}

Result<void> Neo4jRecord::finish(std::span<const SeenTree> seen,
                                 std::span<const std::string> removed,
                                 std::span<const Rejected> rejected) {
  return change([&] {
    Statement add;
    Statement forget;
    Statement reject;
    int code = database_->prepare(
        "INSERT OR REPLACE INTO neo4j_trees (database, tree, fingerprint) VALUES (?, ?, ?)", add);
    if (code == SQLITE_OK) {
      code = database_->prepare("DELETE FROM neo4j_trees WHERE database = ? AND tree = ?", forget);
    }
    if (code == SQLITE_OK) {
      code = database_->prepare(
          "INSERT INTO neo4j_rejected (database, tree, row, reason) VALUES (?, ?, ?, ?)", reject);
    }
    for (const SeenTree& one : seen) {
      if (code != SQLITE_OK) return code;
      code = add.bind(1, id_)
                 .bind(2, std::string_view(one.tree))
                 .bind(3, std::string_view(one.fingerprint))
                 .run();
    }
    for (const std::string& tree : removed) {
      if (code != SQLITE_OK) return code;
      code = forget.bind(1, id_).bind(2, std::string_view(tree)).run();
    }
    for (const Rejected& one : rejected) {
      if (code != SQLITE_OK) return code;
      code = reject.bind(1, id_)
                 .bind(2, std::string_view(one.tree))
                 .bind(3, std::string_view(one.row))
                 .bind(4, std::string_view(one.reason))
                 .run();
    }
    return code;
  });
}

// All of it or nothing.
Result<void> Neo4jRecord::change(const std::function<int()>& steps) {
  int code = database_->execute("BEGIN IMMEDIATE");
  if (code == SQLITE_OK) code = steps();
  if (code == SQLITE_OK) code = database_->execute("COMMIT");
  if (code == SQLITE_OK) return {};
  const auto error = failure(ErrorCode::kUnwritable);
  if (database_->in_transaction()) database_->execute("ROLLBACK");
  return error;
}

}  // namespace engine::io
