#include "engine/sql/tsql_batch_reader.h"

#include <algorithm>

#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

constexpr std::string_view kBatchText =
    "alter backup begin bulk checkpoint commit create dbcc declare delete deny disable drop enable "
    "exec execute goto grant if insert kill merge print raiserror reconfigure restore return "
    "revoke rollback save select set throw truncate update use waitfor while with";
constexpr WordSet<count_words(kBatchText)> kBatchWords(kBatchText);

// What only the statement DROP drops; ALTER has columns, constraints, members, ... to drop.
constexpr std::string_view kDroppedText =
    "aggregate application assembly asymmetric availability broker certificate contract "
    "cryptographic database default endpoint external fulltext function login master message "
    "partition proc procedure queue remote role route rule schema security sequence server "
    "service statistics symmetric synonym table trigger type user view workload xml";
constexpr WordSet<count_words(kDroppedText)> kDroppedWords(kDroppedText);

// With one of these a batch is a small program, whose statements belong together.
constexpr std::string_view kProgramText =
    "begin commit declare goto return rollback save throw while";
constexpr WordSet<count_words(kProgramText)> kProgramWords(kProgramText);

}  // namespace

BatchReader::BatchReader(std::string_view text, std::size_t begin, std::size_t end)
    : cursor_(text, begin, end, Dialect::kTsql) {
  is_module_ = defines_module();
  if (is_module_) statements_.push_back({cursor_.peek().begin, false});
}

void BatchReader::read_on(std::size_t most) {
  most_ = most;
  if (statements_.size() > 1) statements_.erase(statements_.begin(), statements_.end() - 1);
  while (!at_end() && statements_.size() <= most_) step();
}

bool BatchReader::defines_module() {
  std::size_t i = 0;
  if (!cursor_.is("create") && !cursor_.is("alter")) return false;
  if (cursor_.is("or", 1) && cursor_.is("alter", 2)) i = 2;
  return cursor_.is_any({"proc", "procedure", "function", "view", "trigger", "schema"}, i + 1);
}

void BatchReader::step() {
  // In parentheses nothing begins a statement.
  if (cursor_.is_symbol('(')) {
    if (statements_.empty()) statements_.push_back({cursor_.peek().begin, false});
    skip_parentheses();
    previous_ = {};
    after_semicolon_ = false;
    return;
  }
  if (cursor_.peek().kind == TokenKind::kWord) {
    if (cursor_.is("case")) ++cases_;
    if (cursor_.is("end")) end_word();
    if (begins_statement()) begin_statement();
    if (cursor_.is("else")) body_due_ = true;
  } else if (statements_.empty() && !cursor_.is_symbol(';')) {
    statements_.push_back({cursor_.peek().begin, false});
  }
  note();
  cursor_.advance();
}

// Scripts of rows are one INSERT after another in the same words, up to the first value, or in
// those of a few tables in turn. The same words leave the reader as it is: a row's first one begins
// a statement behind any other row, and what it finds is set anew there. So they are compared, and
// not read.
void BatchReader::skip_parentheses() {
  const std::string_view text = cursor_.text();
  const bool rows = previous_ == "values" && in("insert") && cases_ == 0 && !body_due_ &&
                    blocks_ == blocks_before_;
  std::string_view opening;
  if (rows) {
    opening = text.substr(begin_, cursor_.peek().end - begin_);
    note_opening(opening);
  }
  cursor_.pass_values(cursor_.peek().end);
  while (rows && statements_.size() <= most_) {
    const std::size_t next = next_row(text, cursor_.position());
    const bool in_same_words = text.substr(next).starts_with(opening);
    if (!in_same_words) opening = opening_at(next);
    if (opening.empty()) return;
    add_row(next, opening.size(), in_same_words);
    cursor_.pass_values(next + opening.size());
  }
}

// Empty where no row begins in words that are known.
std::string_view BatchReader::opening_at(std::size_t position) const {
  const std::string_view rest = cursor_.text().substr(position);
  for (const std::string_view opening : openings_) {
    if (!opening.empty() && rest.starts_with(opening)) return opening;
  }
  return {};
}

void BatchReader::note_opening(std::string_view opening) {
  if (std::find(openings_.begin(), openings_.end(), opening) != openings_.end()) return;
  openings_[next_opening_] = opening;
  next_opening_ = (next_opening_ + 1) % openings_.size();
}

void BatchReader::add_row(std::size_t begin, std::size_t opening, bool in_same_words) {
  const bool nested = blocks_ > 0;
  BatchStatement& last = statements_.back();
  if (in_same_words && last.nested == nested && (last.opening == 0 || last.opening == opening)) {
    last.opening = opening;
  } else {  // behind the body of an IF, or rows of which the last one has more words
    statements_.push_back({begin, nested});
  }
  begin_ = begin;
}

void BatchReader::end_word() {
  if (cases_ > 0) {
    --cases_;
  } else if (blocks_ > 0) {
    --blocks_;
    // END TRY belongs to the block; a bare END closes the body of an IF.
    body_due_ = false;
  }
}

// What the tokens before say about a word here.
void BatchReader::note() {
  previous_ = cursor_.word();
  after_semicolon_ = cursor_.is_symbol(';');
  if (previous_ == "values" || previous_ == "select") rows_seen_ = true;
  if (previous_ == "set") set_seen_ = true;
  if (previous_ == "for") for_seen_ = true;
  if (previous_ == "to" || previous_ == "from") permissions_over_ = true;
}

bool BatchReader::begins_statement() {
  if (cases_ > 0) return false;
  const Word word = cursor_.word();
  if (!kBatchWords.contains(word)) return statements_.empty();
  if (statements_.empty() || after_semicolon_) return true;
  const auto is = [&](const Word& candidate) { return word == candidate; };
  // Places where the word is a part of the statement that is being read.
  if (after({"then", "for", "after", "of", "as", "by", "or", "and", "not"})) return false;
  // ON DELETE CASCADE; but SET XACT_ABORT ON is over.
  if (after({"on"}) && !in("set") && (is("delete") || is("update"))) return false;
  if (is("if")) return !cursor_.is("exists", 1) || !(in("drop") || in("alter") || in("create"));
  if (is("with")) return false;  // a CTE needs a semicolon before it
  if (in("grant") || in("revoke") || in("deny")) {
    // GRANT SELECT, EXECUTE ON t TO u: words of the list until its TO.
    if (!permissions_over_) return false;
    if (is("with") || after({"with", "to", "from"})) return false;
  }
  if (in("alter") && (is("alter") || is("drop") || is("set"))) return begins_behind_alter(word);
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
  if (is("enable") || is("disable")) {
    return cursor_.is("trigger", 1) && (!in("alter") || names_its_table());
  }
  if (is("save") || is("begin") || is("commit") || is("use") || is("backup")) {
    return !in("backup") && !in("restore");
  }
  return true;
}

// ALTER has actions of its own that begin with the same words.
bool BatchReader::begins_behind_alter(const Word& word) {
  if (word == "alter") return !cursor_.is_any({"column", "filter", "block"}, 1);
  if (word == "set") {
    const bool action = cursor_.is_symbol('(', 1) || (alters_settings_ && !set_seen_);
    return !action && !after({"delete", "update"});
  }
  if (cursor_.is("index", 1)) return names_its_table();
  return kDroppedWords.contains(cursor_.word(1));
}

// DROP INDEX i ON t, DISABLE TRIGGER a, b ON t: the statement; an action of ALTER TABLE has no
// ON.
bool BatchReader::names_its_table() {
  TokenCursor behind(cursor_);
  behind.advance();
  behind.advance();
  while (behind.is_symbol('.') || behind.is_symbol(',') || behind.is_any({"if", "exists"}) ||
         behind.peek().kind == TokenKind::kName ||
         (behind.peek().kind == TokenKind::kWord && !behind.is("on") &&
          !kBatchWords.contains(behind.word()))) {
    behind.advance();
  }
  return behind.is("on");
}

bool BatchReader::select_begins() {
  if (after({"union", "all", "except", "intersect"})) return false;
  if ((in("insert") || in("with")) && !rows_seen_) return false;
  return !(in("declare") && for_seen_);  // DECLARE c CURSOR FOR SELECT
}

void BatchReader::begin_statement() {
  const bool nested = blocks_ > 0 || body_due_;
  const bool block =
      cursor_.is("begin") &&
      !cursor_.is_any({"tran", "transaction", "distributed", "dialog", "conversation"}, 1);
  if (kProgramWords.contains(cursor_.word()) && !(block && body_due_)) separable_ = false;
  if (block) {
    ++blocks_;
  } else {
    begin_ = cursor_.peek().begin;
    statements_.push_back({begin_, nested});
  }
  if (block && statements_.empty()) {
    statements_.push_back({cursor_.peek().begin, false});
  }
  if (block || blocks_ == 0) body_due_ = false;
  if (cursor_.is("if") || cursor_.is("while")) body_due_ = true;
  first_ = cursor_.word();
  blocks_before_ = blocks_;
  alters_settings_ = cursor_.is_any({"database", "fulltext", "server"}, 1);
  rows_seen_ = set_seen_ = for_seen_ = permissions_over_ = false;
}

}  // namespace engine::sql
