#include "engine/sql/tsql_batch.h"

#include <utility>

#include "engine/sql/token_cursor.h"
#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

constexpr std::string_view kBatchText =
    "alter backup begin bulk checkpoint commit create dbcc declare delete deny disable drop enable "
    "exec execute goto grant if insert kill merge print raiserror reconfigure restore return "
    "revoke rollback save select set throw truncate update use waitfor while with";
constexpr WordSet<count_words(kBatchText)> kBatchWords(kBatchText);

// With one of these a batch is a small program, whose statements belong together.
constexpr std::string_view kProgramText =
    "begin commit declare goto return rollback save throw while";
constexpr WordSet<count_words(kProgramText)> kProgramWords(kProgramText);

class BatchReader {
 public:
  BatchReader(std::string_view text, std::size_t begin, std::size_t end)
      : cursor_(text, begin, end, Dialect::kTsql) {}

  Batch read() {
    if (defines_module()) {
      batch_.statements.push_back({cursor_.peek().begin, false});
      return std::move(batch_);
    }
    while (!cursor_.at_end()) step();
    return std::move(batch_);
  }

 private:
  bool defines_module() {
    std::size_t i = 0;
    if (!cursor_.is("create") && !cursor_.is("alter")) return false;
    if (cursor_.is("or", 1) && cursor_.is("alter", 2)) i = 2;
    return cursor_.is_any({"proc", "procedure", "function", "view", "trigger", "schema"}, i + 1);
  }

  void step() {
    // In parentheses nothing begins a statement.
    if (cursor_.is_symbol('(')) {
      if (batch_.statements.empty()) batch_.statements.push_back({cursor_.peek().begin, false});
      cursor_.skip_parentheses();
      previous_ = {};
      after_semicolon_ = false;
      return;
    }
    if (cursor_.peek().kind == TokenKind::kWord) {
      if (cursor_.is("case")) ++cases_;
      if (cursor_.is("end")) end_word();
      if (begins_statement()) begin_statement();
      if (cursor_.is("else")) body_due_ = true;
    } else if (batch_.statements.empty() && !cursor_.is_symbol(';')) {
      batch_.statements.push_back({cursor_.peek().begin, false});
    }
    note();
    cursor_.advance();
  }

  void end_word() {
    if (cases_ > 0) {
      --cases_;
    } else if (blocks_ > 0) {
      --blocks_;
      // END TRY belongs to the block; a bare END closes the body of an IF.
      body_due_ = false;
    }
  }

  // What the tokens before say about a word here.
  void note() {
    previous_ = cursor_.word();
    after_semicolon_ = cursor_.is_symbol(';');
    if (previous_ == "values" || previous_ == "select") rows_seen_ = true;
    if (previous_ == "set") set_seen_ = true;
    if (previous_ == "for") for_seen_ = true;
    if (previous_ == "to" || previous_ == "from") permissions_over_ = true;
  }

  bool in(const Word& first) const { return first_ == first; }
  bool after(std::initializer_list<Word> words) const { return is_one_of(previous_, words); }

  bool begins_statement() {
    if (cases_ > 0) return false;
    const Word word = cursor_.word();
    if (!kBatchWords.contains(word)) return batch_.statements.empty();
    if (batch_.statements.empty() || after_semicolon_) return true;
    const auto is = [&](const Word& candidate) { return word == candidate; };
    // Places where the word is a part of the statement that is being read.
    if (after({"then", "for", "after", "of", "as", "by", "option", "or", "and", "not"})) {
      return false;
    }
    // ON DELETE CASCADE; but SET XACT_ABORT ON is over.
    if (after({"on"}) && !in("set") && (is("delete") || is("update"))) return false;
    if (is("if")) return !cursor_.is("exists", 1) || !(in("drop") || in("alter") || in("create"));
    if (is("with")) return false;  // a CTE needs a semicolon before it
    if (in("grant") || in("revoke") || in("deny")) {
      // GRANT SELECT, EXECUTE ON t TO u: words of the list until its TO.
      if (!permissions_over_) return false;
      if (is("with") || after({"with", "to", "from"})) return false;
    }
    if (in("alter") && (is("alter") || is("drop") || is("set") || is("enable") || is("disable"))) {
      return is("alter") && cursor_.is_any({"table", "database", "index", "view", "procedure",
                                            "role", "user", "login", "schema"},
                                           1);
    }
    if (is("set")) {
      if ((in("update") || in("merge")) && !set_seen_) return false;
      return !after({"delete", "update"});
    }
    if (is("select")) return select_begins();
    if (is("exec") || is("execute")) return !(in("insert") && !rows_seen_) && !after({"with"});
    if (is("insert") || is("update") || is("delete")) {
      if (in("with") || in("merge")) return false;
      return !after({"bulk", "statistics"});
    }
    if (is("merge")) return !cursor_.is("join", 1) && !after({"inner", "left", "right", "full"});
    if (is("enable") || is("disable")) return cursor_.is("trigger", 1);
    if (is("save") || is("begin") || is("commit") || is("use") || is("backup")) {
      return !in("backup") && !in("restore");
    }
    return true;
  }

  bool select_begins() {
    if (after({"union", "all", "except", "intersect"})) return false;
    if ((in("insert") || in("with")) && !rows_seen_) return false;
    return !(in("declare") && for_seen_);  // DECLARE c CURSOR FOR SELECT
  }

  void begin_statement() {
    const bool nested = blocks_ > 0 || body_due_;
    const bool block =
        cursor_.is("begin") &&
        !cursor_.is_any({"tran", "transaction", "distributed", "dialog", "conversation"}, 1);
    if (kProgramWords.contains(cursor_.word()) && !(block && body_due_)) batch_.separable = false;
    if (block) {
      ++blocks_;
    } else {
      batch_.statements.push_back({cursor_.peek().begin, nested});
    }
    if (block && batch_.statements.empty()) {
      batch_.statements.push_back({cursor_.peek().begin, false});
    }
    if (block || blocks_ == 0) body_due_ = false;
    if (cursor_.is("if") || cursor_.is("while")) body_due_ = true;
    first_ = cursor_.word();
    rows_seen_ = set_seen_ = for_seen_ = permissions_over_ = false;
  }

  TokenCursor cursor_;
  Batch batch_;
  int blocks_ = 0;
  int cases_ = 0;
  bool body_due_ = false;  // the next statement is the body of an IF, ELSE or WHILE
  Word first_;
  Word previous_;
  bool after_semicolon_ = false;
  bool rows_seen_ = false;
  bool set_seen_ = false;
  bool for_seen_ = false;
  bool permissions_over_ = false;  // GRANT ... TO
};

}  // namespace

Batch read_tsql_batch(std::string_view text, std::size_t begin, std::size_t end) {
  return BatchReader(text, begin, end).read();
}

}  // namespace engine::sql
