// Snowflake, BigQuery, Db2, Firebird, and what no dialect is known of: statements up to a
// terminator, with blocks BEGIN ... END where a routine or a script has them.
//
// Source: the vendors' references; docs/dialects.md names the page for each rule.
#include <algorithm>
#include <utility>

#include "engine/sql/unit_finder.h"

namespace engine::sql {
namespace {

constexpr std::string_view kRoutines[] = {"procedure", "function", "trigger", "task",
                                          "package",   "event",    "alert"};
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

class ScriptFinder final : public UnitFinder {
 public:
  ScriptFinder(std::string_view text, Dialect dialect)
      : UnitFinder(text, dialect), dialect_(dialect) {
    end_statements_with(dialect == Dialect::kDb2 && ends_with_at_sign() ? "@" : ";");
  }

 private:
  struct Block {
    bool routine = false;       // CREATE ... PROCEDURE and the like, or an anonymous block
    bool awaits_begin = false;  // a DECLARE section stands before the BEGIN
    int depth = 0;
    Token open;                // the BEGIN that opened it
    std::string_view control;  // BigQuery: IF, LOOP, ... that is a statement of its own
    int controls = 0;          // of them, one in another
  };
  // So many blocks that never close are cut; a text of nothing else is not read again for each.
  static constexpr std::size_t kMostOpen = 16;

  bool advance() override {
    std::size_t unit = kNone;
    int words = 0;
    Block block;
    std::string_view first, before;
    bool rows = false;
    while (true) {
      int depth = 0;
      if (rows && skim_rows(unit, &depth)) return true;
      const std::size_t here = kNonSpaces.find(text(), scanner_.position());
      if (here >= text().size()) {
        if (unit == kNone) return false;
        if (block.depth > 0 && warnings().size() < kMostOpen) {
          emit_broken(unit, block.open);
          return true;
        }
        emit_unit(unit, trim_end(unit, here));
        return true;
      }
      if (unit == kNone && client_line(here)) return true;
      if (ends_here(here, block)) {
        const std::size_t end = here + terminator().size();
        if (unit == kNone) {
          emit_directive(here, end, DirectiveRole::kCloses);
        } else {
          emit_unit(unit, end);
        }
        scanner_.seek(end);
        return true;
      }
      const Token token = next_token(kNonSpaces);
      if (!token.closed) {
        emit_broken(unit, token);
        return true;
      }
      if (token.is_comment() || token.kind == TokenKind::kNewline) continue;
      if (unit == kNone) unit = token.begin;
      const std::string_view previous = std::exchange(before, token.in(text()));
      if (token.kind != TokenKind::kWord) continue;
      if (words++ == 0) {
        first = token.in(text());
        rows = token.begin == unit && writes_rows(first);  // no other words matter then
      }
      if (dialect_ == Dialect::kBigquery) control(token, previous, words, &block);
      word(token, first, words, &block);
    }
  }

  bool ends_here(std::size_t here, const Block& block) const {
    if (text().substr(here, terminator().size()) != terminator()) return false;
    if (block.depth > 0 || block.controls > 0 || block.awaits_begin) return false;
    // The Db2 command line processor takes it only as the last character of a line.
    if (dialect_ != Dialect::kDb2) return true;
    return at_line_end(skip_blanks(here + terminator().size()));
  }

  void control(const Token& token, std::string_view previous, int words, Block* block) const {
    const std::string_view w = token.in(text());
    if (words == 1 && equals_any(w, kControls)) block->control = w;
    if (block->control.empty()) return;
    if (equal_words(w, "end")) {
      block->controls -= lower(next_word()) == lower(block->control);
    } else if (lower(w) == lower(block->control)) {
      const bool begins = words == 1 || previous == ";" || equals_any(previous, kBodyWords);
      block->controls += begins && !equal_words(previous, "end");
    }
  }

  void word(const Token& token, std::string_view first, int words, Block* block) {
    if (terminator() != ";") return;  // the script says itself where its bodies end
    const std::string_view w = token.in(text());
    if (equal_words(first, "create") && words < 12 && equals_any(w, kRoutines))
      block->routine = true;
    const bool snowflake = dialect_ == Dialect::kSnowflake;
    if (snowflake && equal_words(w, "declare") && (words == 1 || block->routine)) {
      block->routine = block->awaits_begin = true;
    }
    if (equal_words(w, "begin")) {
      const std::string_view next = next_word();
      if (words == 1) block->routine = !next.empty() && !equals_any(next, kTransactions);
      if (block->routine && block->depth++ == 0) block->open = token;
      block->awaits_begin = false;
    } else if (block->depth > 0 && equal_words(w, "case")) {
      ++block->depth;
    } else if (block->depth > 0 && equal_words(w, "end")) {
      const std::string_view next = next_word();
      if (equals_any(next, kInnerEnds)) {
        scanner_.seek(static_cast<std::size_t>(next.data() - text().data()) + next.size());
        return;
      }
      if (equal_words(next, "case")) {
        scanner_.seek(static_cast<std::size_t>(next.data() - text().data()) + next.size());
      }
      --block->depth;
    }
  }

  // The word that follows on, if nothing but white space stands between.
  std::string_view next_word() const {
    return word_at(kNonSpaces.find(text(), scanner_.position()));
  }

  // Lines for the client: Db2's "--#SET TERMINATOR @", Firebird's "SET TERM ^ ;".
  bool client_line(std::size_t begin) {
    const std::size_t stop = line_end(begin);
    const std::string_view line = text().substr(begin, stop - begin);
    if (dialect_ == Dialect::kDb2 && line.size() > 5 && equal_words(line.substr(0, 6), "--#set")) {
      const std::size_t last = line.find_last_not_of(" \t");
      end_statements_with(line.substr(last, 1));
      return client_line_end(begin, stop);
    }
    if (dialect_ == Dialect::kFirebird && line.size() > 9 &&
        equal_words(line.substr(0, 9), "set term ")) {
      const std::size_t value = kNonSpaces.find(line, 9);
      const std::size_t value_end = std::min(kSpaces.find(line, value), line.rfind(terminator()));
      const std::size_t end = line.find(terminator(), value_end);
      if (value_end <= value || end == std::string_view::npos) return false;
      const std::size_t line_stop = begin + end + terminator().size();
      end_statements_with(line.substr(value, value_end - value));
      return client_line_end(begin, line_stop);
    }
    return false;
  }

  void end_statements_with(std::string_view terminator) {
    set_terminator(terminator);
    scanner_.set_rules(lex_rules(dialect_, terminator));
    skim_to(terminator.substr(0, 1));
  }

  bool client_line_end(std::size_t begin, std::size_t end) {
    const bool back = terminator() == ";";
    emit_directive(begin, trim_end(begin, end),
                   back ? DirectiveRole::kCloses : DirectiveRole::kIntroduces);
    scanner_.seek(end);
    return true;
  }

  // A script for "db2 -td@" says so only by ending with it.
  bool ends_with_at_sign() const {
    const std::size_t end = trim_end(0, text().size());
    return end > 0 && text()[end - 1] == '@';
  }

  Dialect dialect_;
};

}  // namespace

std::unique_ptr<UnitFinder> make_script_finder(std::string_view text, Dialect dialect) {
  return std::make_unique<ScriptFinder>(text, dialect);
}

}  // namespace engine::sql
