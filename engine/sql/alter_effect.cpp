#include "engine/sql/alter_effect.h"

#include "engine/sql/qualified_name.h"

namespace engine::sql {
namespace {

// Where an action ends, and the next may begin.
bool ends_action(TokenCursor* cursor) {
  return cursor->at_end() || cursor->is_symbol(',') || cursor->is_symbol(';');
}

// ALTER [FOREIGN] TABLE [IF EXISTS] [ONLY] name [*]
void skip_altered(TokenCursor* cursor) {
  constexpr std::size_t kMostWords = 4;
  cursor->advance();
  for (std::size_t i = 0; i < kMostWords && !cursor->is_any({"table", "view"}); ++i) {
    cursor->advance();
  }
  cursor->advance();
  cursor->accept_all({"if", "exists"});
  cursor->accept("only");
  read_name(cursor);
  if (cursor->is_symbol('*')) cursor->advance();
}

// NOT VALID, NOT ENFORCED, NOVALIDATE: rows may be there that it would not let in.
bool is_unchecked(TokenCursor* cursor) {
  return (cursor->is("not") && cursor->is_any({"valid", "enforced"}, 1)) ||
         cursor->is_any({"novalidate", "nocheck"});
}

class AlterReader {
 public:
  explicit AlterReader(TokenCursor* cursor) : cursor_(*cursor) {}

  AlterEffect read() {
    skip_altered(&cursor_);
    while (!cursor_.at_end() && !cursor_.is_symbol(';')) {
      read_action();
      skip_action();
      if (cursor_.is_symbol(',')) cursor_.advance();
    }
    return effect_;
  }

 private:
  void read_action() {
    if (cursor_.accept("with")) effect_.admits = effect_.admits || cursor_.is("nocheck");
    if (cursor_.is_any({"check", "nocheck"})) {
      const bool constraint = cursor_.is("constraint", 1);
      effect_.admits = effect_.admits || (constraint && cursor_.is("nocheck"));
      effect_.rechecks = effect_.rechecks || (constraint && cursor_.is("check"));
      if (constraint) return;
      cursor_.advance();
    }
    if (is_quiet()) return;
    if (cursor_.is_any({"enable", "disable", "validate"})) {
      effect_.admits = true;
    } else if (cursor_.accept("alter")) {
      read_column();
    } else if (cursor_.is_any({"add", "drop", "rename", "modify", "change"})) {
      effect_.shape = goes_on_ = true;
    } else if (cursor_.is_any({"attach", "inherit"})) {
      effect_.shape = effect_.attaches = true;
    } else if (cursor_.is("detach") || (cursor_.is("set") && cursor_.is("schema", 1))) {
      effect_.shape = true;
    } else if (!goes_on_) {  // ADD a int, b int
      effect_.shape = effect_.unknown = true;
    }
  }

  // What nothing depends on.
  bool is_quiet() {
    if (cursor_.is_any({"owner",           "cluster",
                        "replica",         "comment",
                        "engine",          "auto_increment",
                        "row_format",      "checksum",
                        "avg_row_length",  "stats_persistent",
                        "pack_keys",       "key_block_size",
                        "delay_key_write", "force",
                        "reset",           "locksize",
                        "append",          "parallel",
                        "noparallel",      "logging",
                        "nologging",       "cache",
                        "nocache",         "default"})) {
      return true;
    }
    if (cursor_.is("no")) return cursor_.is("force", 1);
    if (cursor_.is_any({"enable", "disable"})) {
      return cursor_.is_any({"row", "keys", "change_tracking"}, 1);
    }
    if (!cursor_.is("set")) return false;
    return cursor_.is_symbol('(', 1) ||
           cursor_.is_any({"tablespace", "logged", "unlogged", "without", "statistics", "access",
                           "options", "tags", "tag"},
                          1);
  }

  // ALTER [COLUMN] c SET STATISTICS 100
  void read_column() {
    const bool constraint = cursor_.is_any({"constraint", "check"});
    cursor_.accept("column");
    if (constraint) {
      effect_.admits = true;
      return;
    }
    read_name(&cursor_);
    const bool sets = cursor_.is("set");
    if ((sets || cursor_.is("drop")) && cursor_.is("default", 1)) {
      effect_.defaults = true;
    } else if (!(sets && (cursor_.is_symbol('(', 1) ||
                          cursor_.is_any({"statistics", "storage", "compression"}, 1)))) {
      effect_.shape = true;
    }
  }

  // Up to its end; a bracket is skipped as one.
  void skip_action() {
    std::size_t depth = 0;
    for (; !cursor_.at_end() && (depth > 0 || !ends_action(&cursor_)); cursor_.advance()) {
      if (cursor_.is_symbol('(')) ++depth;
      if (cursor_.is_symbol(')') && depth > 0) --depth;
      if (depth > 0) continue;
      if (is_unchecked(&cursor_)) effect_.admits = true;
      if (cursor_.is("alter")) effect_.shape = effect_.unknown = true;  // another statement
    }
  }

  TokenCursor& cursor_;
  AlterEffect effect_;
  bool goes_on_ = false;
};

}  // namespace

AlterEffect read_alter_effect(TokenCursor* cursor) { return AlterReader(cursor).read(); }

}  // namespace engine::sql
