#include "engine/sql/script_blocks.h"

#include <utility>

#include "engine/sql/ascii.h"

namespace engine::sql {
namespace {

constexpr std::string_view kDefines[] = {"create", "alter", "recreate"};
constexpr std::string_view kRoutines[] = {"procedure", "function", "trigger", "task",
                                          "package",   "event",    "alert"};
// What else CREATE makes, and words that stand behind the type only.
constexpr std::string_view kOthers[] = {
    "table", "view",   "index",  "schema", "database", "sequence", "user",   "role",
    "stage", "stream", "policy", "domain", "as",       "model",    "select", "with"};
// Words behind END that close something which BEGIN did not open.
constexpr std::string_view kInnerEnds[] = {"if", "loop", "while", "for", "repeat"};
// Statements of BigQuery that hold others, up to END and the same word.
constexpr std::string_view kControls[] = {"if", "loop", "while", "for", "repeat"};
// Words that the first statement of a body stands behind.
constexpr std::string_view kBodyWords[] = {"then", "else", "do", "begin", "loop", "repeat"};
// Words behind BEGIN that make it the start of a transaction.
constexpr std::string_view kTransactions[] = {"tran",     "transaction", "work",
                                              "read",     "isolation",   "immediate",
                                              "deferred", "exclusive",   "name"};
// The same inside of a block, where others may be a variable: BEGIN name := 1.
constexpr std::string_view kInnerTransactions[] = {"tran", "transaction", "work"};

}  // namespace

void ScriptBlocks::read(const Token& token, std::string_view text) {
  const std::string_view word = token.in(text);
  const std::string_view previous = std::exchange(before_, word);
  const bool is_word = token.kind == TokenKind::kWord;
  if (settle(is_word ? word : std::string_view())) return;
  if (!is_word) {
    symbol(token, text, previous);
  } else if (words_++ == 0) {
    first_ = word;
    first_word(token, word);
  } else if (previous != ".") {
    other_word(token, word, previous);
  }
}

bool ScriptBlocks::holds() {
  if (waiting_ == Waiting::kForBegin) waiting_ = Waiting::kForNothing;  // BEGIN; is a transaction
  settle({});
  return depth_ > 0 || controls_ > 0 || awaits_begin_;
}

// What waits for the next word has it. True when that word goes with it.
bool ScriptBlocks::settle(std::string_view next) {
  switch (std::exchange(waiting_, Waiting::kForNothing)) {
    case Waiting::kForBegin: {
      const bool transaction =
          depth_ > 0 ? equals_any(next, kInnerTransactions) : equals_any(next, kTransactions);
      if (!transaction) {
        routine_ = true;
        enter(begin_);
      }
      return false;
    }
    case Waiting::kForEnd:
      if (equals_any(next, kInnerEnds)) {
        if (controls_ > 0 && lower(next) == lower(control_)) --controls_;
        return true;
      }
      if (depth_ > 0) --depth_;
      return equal_words(next, "case");
    case Waiting::kForNothing:
      break;
  }
  return false;
}

void ScriptBlocks::symbol(const Token& token, std::string_view text, std::string_view previous) {
  if (token.in(text) == "(") decided_ = true, ++parens_;
  if (token.in(text) == ")" && parens_ > 0) --parens_;
  // "name: LOOP": the statement begins behind it.
  const bool label = words_ == 1 && depth_ == 0 && controls_ == 0 && token.in(text) == ":" &&
                     previous.data() + previous.size() == text.data() + token.begin;
  if (label && dialect_ != Dialect::kSnowflake) words_ = 0;
}

void ScriptBlocks::first_word(const Token& token, std::string_view word) {
  if (equal_words(word, "begin")) {
    waiting_ = Waiting::kForBegin;
    begin_ = token;
  } else if (dialect_ == Dialect::kSnowflake && equal_words(word, "declare")) {
    routine_ = awaits_begin_ = true;
    open_ = token;
  } else if (dialect_ == Dialect::kBigquery && equals_any(word, kControls)) {
    control_ = word;
    controls_ = 1;
    open_ = token;
  } else if (dialect_ == Dialect::kBigquery && equal_words(word, "case")) {
    routine_ = true;
    enter(token);
  }
}

void ScriptBlocks::other_word(const Token& token, std::string_view word,
                              std::string_view previous) {
  decide_routine(word);
  if (controls_ > 0 && lower(word) == lower(control_)) {
    controls_ += previous == ";" || previous == ":" || equals_any(previous, kBodyWords);
  } else if (equal_words(word, "begin")) {
    if (!routine_ || parens_ > 0) return;  // a parameter may be called so
    awaits_begin_ = awaits_begin_ && std::exchange(declares_routine_, false);
    if (depth_ == 0) return enter(token);
    waiting_ = Waiting::kForBegin;
    begin_ = token;
  } else if (equal_words(word, "declare")) {
    const bool section = dialect_ == Dialect::kSnowflake || dialect_ == Dialect::kFirebird;
    if (!section || !routine_ || depth_ > 0) return;
    awaits_begin_ = true;
    open_ = token;
  } else if (equal_words(word, "procedure") || equal_words(word, "function")) {
    declares_routine_ = awaits_begin_ && depth_ == 0;
  } else if (equal_words(word, "case")) {
    if (depth_ > 0) ++depth_;
  } else if (equal_words(word, "end")) {
    if (depth_ > 0 || controls_ > 0) waiting_ = Waiting::kForEnd;
  }
}

void ScriptBlocks::decide_routine(std::string_view word) {
  if (decided_) return;
  if (equals_any(first_, kDefines)) {
    routine_ = equals_any(word, kRoutines);
    decided_ = routine_ || equals_any(word, kOthers);
  } else {  // Firebird's EXECUTE BLOCK
    routine_ = routine_ || (equal_words(first_, "execute") && equal_words(word, "block"));
    decided_ = true;
  }
}

void ScriptBlocks::enter(const Token& token) {
  if (depth_++ == 0) open_ = token;
}

}  // namespace engine::sql
