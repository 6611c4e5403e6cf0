#include "io/state/catalogue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <utility>

#include "io/state/schema.h"

namespace engine::io {
namespace {

// Others may be writing: a load's store commits every few milliseconds. What Debian's SQLite
// overwrites with zeros when a row moves is no secret.
constexpr const char* kCatalogueSettings =
    "PRAGMA busy_timeout = 10000; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = OFF";
constexpr char kSeparator = '\x1f';  // between the columns of a key

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += kSeparator;
    text += name;
  }
  return text;
}

std::vector<std::string> parted(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(kSeparator), text.size());
    names.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return names;
}

void bind_optional(Statement& statement, int parameter, const std::optional<std::string>& text) {
  if (text) {
    statement.bind(parameter, std::string_view(*text));
  } else {
    statement.bind_null(parameter);
  }
}

std::optional<std::string> optional_text(const Statement& statement, int column) {
  if (statement.is_null(column)) return std::nullopt;
  return std::string(statement.text(column));
}

}  // namespace

Result<Catalogue> Catalogue::open(const std::string& path) {
  Catalogue catalogue;
  catalogue.path_ = path;
  catalogue.database_ = std::make_unique<Database>();
  Database& database = *catalogue.database_;
  int code = database.open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (code == SQLITE_OK) code = database.execute(kCatalogueSettings);
  if (code == SQLITE_OK) code = database.execute("PRAGMA journal_mode = WAL");
  SchemaResult ready{SchemaFit::kFailed, code};
  if (code == SQLITE_OK) ready = prepare_schema(database);
  if (ready.fit == SchemaFit::kForeign) {
    return fail(ErrorCode::kInvalid, path + ": not a state store of engine; name another: --state");
  }
  if (ready.fit == SchemaFit::kNewer) {
    return fail(ErrorCode::kInvalid, path + ": written by a later engine; use that one");
  }
  if (ready.fit == SchemaFit::kReady) return catalogue;
  // Where not even reading goes, for want of SQLite's file beside it, the manifests tell.
  code = database.open(kTemporaryDatabase, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (code != SQLITE_OK || prepare_schema(database).fit != SchemaFit::kReady) {
    return catalogue.failure(ErrorCode::kUnreadable);
  }
  return catalogue;
}

tl::unexpected<Error> catalogue_stopped(const std::string& path) {
  return fail(ErrorCode::kStopped, path + ": the catalogue: stopped before it was up to date");
}

tl::unexpected<Error> Catalogue::failure(ErrorCode code) const {
  if (database_->was_stopped()) return catalogue_stopped(path_);
  return tl::make_unexpected(Error{code, path_ + ": the catalogue: " + database_->message()});
}

Result<std::unordered_map<std::string, ManifestStamp>> Catalogue::stamps() {
  std::unordered_map<std::string, ManifestStamp> stamps;
  Statement statement;
  if (database_->prepare("SELECT path, inode, mtime_ns, size FROM trees", statement) != SQLITE_OK) {
    return failure(ErrorCode::kUnreadable);
  }
  int code = SQLITE_ROW;
  while ((code = statement.step()) == SQLITE_ROW) {
    stamps[std::string(statement.text(0))] = {static_cast<std::uint64_t>(statement.number(1)),
                                              statement.number(2),
                                              static_cast<std::uint64_t>(statement.number(3))};
  }
  if (code != SQLITE_DONE) return failure(ErrorCode::kUnreadable);
  return stamps;
}

Result<void> Catalogue::apply(std::span<const Changed> changed, std::span<const std::string> gone) {
  if (changed.empty() && gone.empty()) return {};
  // An OUTPUT that may only be read can be asked all the same.
  if (database_->is_read_only() && database_->move_to_temporary() != SQLITE_OK) {
    return failure(ErrorCode::kUnreadable);
  }
  if (database_->execute("BEGIN IMMEDIATE") != SQLITE_OK) return failure(ErrorCode::kUnwritable);
  int code = prepare_changes();
  for (std::size_t i = 0; code == SQLITE_OK && i < gone.size(); ++i) code = forget(gone[i]);
  for (std::size_t i = 0; code == SQLITE_OK && i < changed.size(); ++i) {
    code = forget(changed[i].tree.path);
    if (code == SQLITE_OK) code = add(changed[i]);
  }
  if (code == SQLITE_OK) code = database_->execute("COMMIT");
  if (code == SQLITE_OK) return {};
  const auto error = failure(ErrorCode::kUnwritable);
  if (database_->in_transaction()) database_->execute("ROLLBACK");
  return error;
}

int Catalogue::prepare_changes() {
  if (changes_) return SQLITE_OK;
  changes_ = std::make_unique<Changes>();
  const std::array<std::pair<const char*, Statement*>, 9> statements = {{
      {"SELECT id FROM trees WHERE path = ?", &changes_->find_tree},
      {"DELETE FROM object_references WHERE object IN (SELECT id FROM objects WHERE tree = ?)",
       &changes_->forget_references},
      {"DELETE FROM segments WHERE tree = ?", &changes_->forget_segments},
      {"DELETE FROM objects WHERE tree = ?", &changes_->forget_objects},
      {"DELETE FROM trees WHERE id = ?", &changes_->forget_tree},
      {"INSERT INTO trees (path, source, dialect, inode, mtime_ns, size) VALUES (?, ?, ?, ?, ?, ?)",
       &changes_->add_tree},
      {"INSERT INTO segments (tree, position, path, kind, line, next_line, size, units, object)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
       &changes_->add_segment},
      {"INSERT INTO objects (tree, type, database, schema, name, parent, parent_schema, signature,"
       " constraint_kind, output, line, defined, search_path, minor)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
       &changes_->add_object},
      {"INSERT INTO object_references (object, position, kind, database, schema, name, line,"
       " in_expression, constraint_name, columns, target_columns)"
       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
       &changes_->add_reference},
  }};
  int code = SQLITE_OK;
  for (const auto& [sql, statement] : statements) {
    if (code == SQLITE_OK) code = database_->prepare(sql, *statement);
  }
  return code;
}

// Most trees that are taken in are new.
int Catalogue::forget(std::string_view path) {
  Statement& find = changes_->find_tree.bind(1, path);
  const int found = find.step();
  const std::int64_t tree = found == SQLITE_ROW ? find.number(0) : 0;
  find.reset();
  if (found != SQLITE_ROW) return found == SQLITE_DONE ? SQLITE_OK : found;
  int code = SQLITE_OK;
  for (Statement* const statement : {&changes_->forget_references, &changes_->forget_objects,
                                     &changes_->forget_segments, &changes_->forget_tree}) {
    if (code == SQLITE_OK) code = statement->bind(1, tree).run();
  }
  return code;
}

int Catalogue::add(const Changed& changed) {
  const CatalogueTree& tree = changed.tree;
  int code = changes_->add_tree.bind(1, std::string_view(tree.path))
                 .bind(2, std::string_view(tree.source))
                 .bind(3, dialect_name(tree.dialect))
                 .bind(4, static_cast<std::int64_t>(changed.stamp.inode))
                 .bind(5, changed.stamp.mtime_ns)
                 .bind(6, static_cast<std::int64_t>(changed.stamp.size))
                 .run();
  const std::int64_t tree_id = database_->last_id();
  std::vector<std::int64_t> ids;
  for (const CatalogueObject& object : tree.objects) {
    if (code != SQLITE_OK) return code;
    code = add_object(tree_id, object);
    ids.push_back(database_->last_id());
  }
  for (const CatalogueSegment& segment : tree.segments) {
    if (code != SQLITE_OK) return code;
    code = add_segment(tree_id, segment, ids);
  }
  for (std::size_t i = 0; i < tree.references.size(); ++i) {
    if (code != SQLITE_OK) return code;
    const CatalogueReference& found = tree.references[i];
    code = add_reference(ids[found.object], static_cast<std::int64_t>(i), found.reference);
  }
  return code;
}

int Catalogue::add_object(std::int64_t tree, const CatalogueObject& object) {
  Statement& add = changes_->add_object.bind(1, tree).bind(2, std::string_view(object.type));
  bind_optional(add, 3, object.database);
  bind_optional(add, 4, object.schema);
  bind_optional(add, 5, object.name);
  bind_optional(add, 6, object.parent);
  bind_optional(add, 7, object.parent_schema);
  bind_optional(add, 8, object.signature);
  add.bind(9, std::string_view(object.constraint_kind))
      .bind(10, std::string_view(object.output))
      .bind(11, static_cast<std::int64_t>(object.line))
      .bind(12, std::int64_t{object.defined});
  const std::string search_path = joined(object.search_path);
  if (search_path.empty()) {
    add.bind_null(13);
  } else {
    add.bind(13, std::string_view(search_path));
  }
  bind_optional(add, 14, object.minor);
  return add.run();
}

int Catalogue::add_segment(std::int64_t tree, const CatalogueSegment& segment,
                           const std::vector<std::int64_t>& ids) {
  Statement& add = changes_->add_segment.bind(1, tree)
                       .bind(2, static_cast<std::int64_t>(segment.position))
                       .bind(3, std::string_view(segment.path))
                       .bind(4, std::string_view(segment.kind))
                       .bind(5, static_cast<std::int64_t>(segment.line))
                       .bind(7, static_cast<std::int64_t>(segment.size))
                       .bind(8, static_cast<std::int64_t>(segment.units));
  if (segment.next_line) {
    add.bind(6, static_cast<std::int64_t>(*segment.next_line));
  } else {
    add.bind_null(6);
  }
  if (segment.object) {
    add.bind(9, ids[*segment.object]);
  } else {
    add.bind_null(9);
  }
  return add.run();
}

int Catalogue::add_reference(std::int64_t object, std::int64_t position,
                             const Reference& reference) {
  const std::string columns = joined(reference.columns);
  const std::string target_columns = joined(reference.target_columns);
  Statement& add = changes_->add_reference.bind(1, object)
                       .bind(2, position)
                       .bind(3, reference_kind_name(reference.kind));
  bind_optional(add, 4, reference.database);
  bind_optional(add, 5, reference.schema);
  add.bind(6, std::string_view(reference.name))
      .bind(7, static_cast<std::int64_t>(reference.line))
      .bind(8, std::int64_t{reference.in_expression});
  bind_optional(add, 9, reference.constraint);
  return add.bind(10, std::string_view(columns)).bind(11, std::string_view(target_columns)).run();
}

Result<void> Catalogue::each_tree(const std::function<void(RecordedTree&&)>& call) {
  Statement statement;
  if (database_->prepare("SELECT path, source, dialect FROM trees ORDER BY path", statement) !=
      SQLITE_OK) {
    return failure(ErrorCode::kUnreadable);
  }
  int code = SQLITE_ROW;
  while ((code = statement.step()) == SQLITE_ROW) {
    call({std::string(statement.text(0)), std::string(statement.text(1)),
          dialect_from_name(statement.text(2)).value_or(Dialect::kGeneric)});
  }
  if (code != SQLITE_DONE) return failure(ErrorCode::kUnreadable);
  return {};
}

Result<void> Catalogue::each_object(const std::function<void(RecordedObject&&)>& call) {
  Statement statement;
  if (database_->prepare("SELECT o.id, o.type, o.database, o.schema, o.name, o.parent,"
                         " o.parent_schema, o.signature, o.constraint_kind, o.output, o.line,"
                         " t.path, t.source, t.dialect, o.defined, o.search_path, o.minor"
                         " FROM trees t JOIN objects o ON o.tree = t.id ORDER BY t.path, o.id",
                         statement) != SQLITE_OK) {
    return failure(ErrorCode::kUnreadable);
  }
  int code = SQLITE_ROW;
  while ((code = statement.step()) == SQLITE_ROW) {
    RecordedObject found;
    found.id = statement.number(0);
    found.object.type = statement.text(1);
    found.object.database = optional_text(statement, 2);
    found.object.schema = optional_text(statement, 3);
    found.object.name = optional_text(statement, 4);
    found.object.parent = optional_text(statement, 5);
    found.object.parent_schema = optional_text(statement, 6);
    found.object.signature = optional_text(statement, 7);
    found.object.constraint_kind = statement.text(8);
    found.object.output = statement.text(9);
    found.object.line = static_cast<std::uint64_t>(statement.number(10));
    found.tree = statement.text(11);
    found.source = statement.text(12);
    found.dialect = dialect_from_name(statement.text(13)).value_or(Dialect::kGeneric);
    found.object.defined = statement.number(14) != 0;
    found.object.search_path = parted(statement.text(15));
    found.object.minor = optional_text(statement, 16);
    call(std::move(found));
  }
  if (code != SQLITE_DONE) return failure(ErrorCode::kUnreadable);
  return {};
}

Result<void> Catalogue::each_reference(
    const std::function<void(std::int64_t object, Reference&& reference)>& call) {
  Statement statement;
  if (database_->prepare("SELECT object, kind, database, schema, name, line, in_expression,"
                         " constraint_name, columns, target_columns FROM object_references"
                         " ORDER BY object, position",
                         statement) != SQLITE_OK) {
    return failure(ErrorCode::kUnreadable);
  }
  int code = SQLITE_ROW;
  while ((code = statement.step()) == SQLITE_ROW) {
    Reference reference;
    reference.kind = reference_kind_from_name(statement.text(1)).value_or(ReferenceKind::kReads);
    reference.database = optional_text(statement, 2);
    reference.schema = optional_text(statement, 3);
    reference.name = statement.text(4);
    reference.line = static_cast<std::uint64_t>(statement.number(5));
    reference.in_expression = statement.number(6) != 0;
    reference.constraint = optional_text(statement, 7);
    reference.columns = parted(statement.text(8));
    reference.target_columns = parted(statement.text(9));
    call(statement.number(0), std::move(reference));
  }
  if (code != SQLITE_DONE) return failure(ErrorCode::kUnreadable);
  return {};
}

}  // namespace engine::io
