#include "io/state/schema.h"

#include <array>
#include <string>

namespace engine::io {
namespace {

// Never changed once it has been released; a change is a further step.
constexpr std::array<const char*, 7> kSteps = {
    // WITHOUT ROWID: one tree, in the order of paths, which is the order in which a scan finds
    // them.
    R"sql(
CREATE TABLE options (
  id    INTEGER PRIMARY KEY,
  text  TEXT NOT NULL UNIQUE
);
CREATE TABLE sources (
  path         TEXT PRIMARY KEY,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'running', 'done', 'failed', 'gone')),
  priority     INTEGER NOT NULL DEFAULT 2,
  requested    INTEGER NOT NULL DEFAULT 0,
  tree         TEXT,
  device       INTEGER NOT NULL DEFAULT 0,
  inode        INTEGER NOT NULL DEFAULT 0,
  size         INTEGER NOT NULL DEFAULT 0,
  mtime_ns     INTEGER NOT NULL DEFAULT 0,
  ctime_ns     INTEGER NOT NULL DEFAULT 0,
  hash         TEXT,
  options      INTEGER REFERENCES options (id),
  durability   TEXT,
  attempts     INTEGER NOT NULL DEFAULT 0,
  error        TEXT,
  queued_ns    INTEGER,
  started_ns   INTEGER,
  finished_ns  INTEGER,
  elapsed_ns   INTEGER
) WITHOUT ROWID;
CREATE INDEX sources_open ON sources (state, priority) WHERE state <> 'done';
)sql",
    // The catalogue: an index over the manifests.
    R"sql(
CREATE TABLE trees (
  id        INTEGER PRIMARY KEY,
  path      TEXT NOT NULL UNIQUE,
  source    TEXT NOT NULL,
  dialect   TEXT NOT NULL,
  inode     INTEGER NOT NULL,
  mtime_ns  INTEGER NOT NULL,
  size      INTEGER NOT NULL
);
CREATE TABLE objects (
  id               INTEGER PRIMARY KEY,
  tree             INTEGER NOT NULL REFERENCES trees (id),
  type             TEXT NOT NULL,
  database         TEXT,
  schema           TEXT,
  name             TEXT,
  parent           TEXT,
  parent_schema    TEXT,
  signature        TEXT,
  constraint_kind  TEXT,
  output           TEXT NOT NULL,
  line             INTEGER NOT NULL
);
CREATE INDEX objects_tree ON objects (tree);
CREATE INDEX objects_name ON objects (name COLLATE NOCASE);
CREATE TABLE object_references (
  object          INTEGER NOT NULL REFERENCES objects (id),
  kind            TEXT NOT NULL,
  database        TEXT,
  schema          TEXT,
  name            TEXT NOT NULL,
  line            INTEGER NOT NULL,
  in_expression   INTEGER NOT NULL,
  constraint_name TEXT,
  columns         TEXT,
  target_columns  TEXT
);
CREATE INDEX object_references_object ON object_references (object);
)sql",
    // Objects that a tree only alters are there too: all trees are read again.
    R"sql(
DELETE FROM object_references;
DELETE FROM objects;
DELETE FROM trees;
ALTER TABLE objects ADD COLUMN defined INTEGER NOT NULL DEFAULT 1;
)sql",
    // What each Neo4j database has seen, and what it refused.
    R"sql(
CREATE TABLE neo4j_databases (
  id        INTEGER PRIMARY KEY,
  address   TEXT NOT NULL,
  database  TEXT NOT NULL,
  load      TEXT NOT NULL,
  UNIQUE (address, database)
);
CREATE TABLE neo4j_trees (
  database     INTEGER NOT NULL REFERENCES neo4j_databases (id),
  tree         TEXT NOT NULL,
  fingerprint  TEXT NOT NULL,
  PRIMARY KEY (database, tree)
) WITHOUT ROWID;
CREATE TABLE neo4j_rejected (
  database  INTEGER NOT NULL REFERENCES neo4j_databases (id),
  tree      TEXT NOT NULL,
  row       TEXT NOT NULL,
  reason    TEXT NOT NULL
);
)sql",
    // Where an object looks for names that leave their schema out: all trees are read again. What
    // an object says lies by its object, without an index beside it; and nobody asked for names by
    // theirs, which cost more than a row.
    R"sql(
DROP INDEX objects_name;
DROP TABLE object_references;
DELETE FROM objects;
DELETE FROM trees;
ALTER TABLE objects ADD COLUMN search_path TEXT;
CREATE TABLE object_references (
  object          INTEGER NOT NULL REFERENCES objects (id),
  position        INTEGER NOT NULL,
  kind            TEXT NOT NULL,
  database        TEXT,
  schema          TEXT,
  name            TEXT NOT NULL,
  line            INTEGER NOT NULL,
  in_expression   INTEGER NOT NULL,
  constraint_name TEXT,
  columns         TEXT,
  target_columns  TEXT,
  PRIMARY KEY (object, position)
) WITHOUT ROWID;
)sql",
    // The outputs that are no object's own: all trees are read again.
    R"sql(
DELETE FROM object_references;
DELETE FROM objects;
DELETE FROM trees;
CREATE TABLE segments (
  tree      INTEGER NOT NULL REFERENCES trees (id),
  position  INTEGER NOT NULL,
  path      TEXT NOT NULL,
  kind      TEXT NOT NULL,
  line      INTEGER NOT NULL,
  next_line INTEGER,
  size      INTEGER NOT NULL,
  units     INTEGER NOT NULL,
  object    INTEGER REFERENCES objects (id),
  PRIMARY KEY (tree, position)
) WITHOUT ROWID;
)sql",
    // Properties of one name of a table's columns are told apart: all trees are read again.
    R"sql(
DELETE FROM segments;
DELETE FROM object_references;
DELETE FROM objects;
DELETE FROM trees;
ALTER TABLE objects ADD COLUMN minor TEXT;
)sql"};

constexpr auto kNewest = static_cast<std::int64_t>(kSteps.size());

int take_steps(Database& database, std::int64_t version) {
  int code = database.execute("BEGIN IMMEDIATE");
  for (; code == SQLITE_OK && version < kNewest; ++version) {
    code = database.execute(kSteps[static_cast<std::size_t>(version)]);
  }
  const std::string marks = "PRAGMA application_id = " + std::to_string(kApplicationId) +
                            "; PRAGMA user_version = " + std::to_string(kNewest);
  if (code == SQLITE_OK) code = database.execute(marks.c_str());
  if (code == SQLITE_OK) code = database.execute("COMMIT");
  if (code != SQLITE_OK && database.in_transaction()) database.execute("ROLLBACK");
  return code;
}

struct Marks {
  std::int64_t application = 0;
  std::int64_t version = 0;
  bool is_empty = true;
};

int read_marks(Database& database, Marks& marks) {
  Statement statement;
  int code = database.prepare(
      "SELECT (SELECT application_id FROM pragma_application_id),"
      " (SELECT user_version FROM pragma_user_version), (SELECT count(*) FROM sqlite_schema)",
      statement);
  if (code != SQLITE_OK) return code;
  code = statement.step();
  if (code != SQLITE_ROW) return code;
  marks = {statement.number(0), statement.number(1), statement.number(2) == 0};
  return SQLITE_OK;
}

}  // namespace

SchemaResult check_schema(Database& database) {
  Marks marks;
  const int code = read_marks(database, marks);
  if (code != SQLITE_OK) return {SchemaFit::kFailed, code};
  if (marks.application != kApplicationId) return {SchemaFit::kForeign, SQLITE_OK};
  if (marks.version > kNewest) return {SchemaFit::kNewer, SQLITE_OK};
  return {};
}

SchemaResult prepare_schema(Database& database) {
  Marks marks;
  int code = read_marks(database, marks);
  if (code != SQLITE_OK) return {SchemaFit::kFailed, code};
  if (marks.application != kApplicationId && !marks.is_empty) {
    return {SchemaFit::kForeign, SQLITE_OK};
  }
  if (marks.version > kNewest) return {SchemaFit::kNewer, SQLITE_OK};
  if (marks.version == kNewest) return {};
  code = take_steps(database, marks.version);
  return {code == SQLITE_OK ? SchemaFit::kReady : SchemaFit::kFailed, code};
}

}  // namespace engine::io
