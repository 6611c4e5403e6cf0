// UnitFinder: what the splitters of all dialects share. A dialect finds its next unit or directive
// and emits it; the stretches between become gaps, lines are counted, and broken quotes are
// resynchronised here.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/source_report.h"
#include "engine/sql/ascii.h"
#include "engine/sql/kernels/skim_rules.h"
#include "engine/sql/line_place.h"
#include "engine/sql/scanner.h"
#include "engine/sql/split_part.h"
#include "engine/sql/split_parts.h"

namespace engine::sql {

class UnitFinder {
 public:
  UnitFinder(std::string_view text, Dialect dialect);
  virtual ~UnitFinder() = default;

  /// The next parts, at least one, which live until it is asked again; none at the end.
  SplitParts next();
  /// Is told where reading has come to in a part that is long.
  void set_follower(std::function<void(LinePlace)> follower) { follower_ = std::move(follower); }
  const std::vector<Warning>& warnings() const { return warnings_; }

 protected:
  static constexpr std::size_t kNone = std::string_view::npos;

  /// Emits at least one unit or directive behind the last one; false when only a gap is left.
  virtual bool advance() = 0;

  /// The scanner's next token. A literal that runs over a certain place is taken for broken at once
  /// where it looks like the outside of others (engine/sql/odd_quote.h), or where many of the text
  /// were found broken already (so that a hopeless text costs no more than a good one).
  Token next_token(const ByteSet& stops);

  /// Sets what skim() stops at: `stops`, what begins a comment or a quote that is not plain, and
  /// lines whose first byte but blanks is `line_letter`, small or capital, or `line_mark`. To be
  /// said again when the scanner's rules change.
  void skim_to(std::string_view stops, char line_letter = '\0', char line_mark = '\0',
               bool parentheses = false);
  /// Passes over bytes whose tokens would change nothing but `depth`, that of parentheses. It may
  /// stop anywhere outside quotes and comments: next_token() goes on from there.
  void skim(int* depth);
  /// skim() for a statement that began at `unit`, up to its end if that is a semicolon and it began
  /// with a word for rows (INSERT). Emits it then, and those behind it that begin likewise: true.
  /// REQUIRES: such statements end at a semicolon before a line end, whatever their other words.
  bool skim_rows(std::size_t unit, int* depth);
  static bool writes_rows(std::string_view first_word);
  /// The start of the line that skimming from `from` stopped in, when only blanks lie between and
  /// the line began on the way; else kNone.
  std::size_t line_begun(std::size_t from) const;

  /// The first place in (from, limit) where the dialect makes certain that something new begins;
  /// kNone where there is none.
  /// REQUIRES: see_indentation() of the unit that is being read.
  virtual std::size_t resynchronise(std::size_t from, std::size_t limit) const;
  /// The unit begins here; what is certain stands behind no more blanks than it.
  void see_indentation(std::size_t unit);

  /// For text that may be most of all there is and goes into one part: what has to be read again
  /// is, a step at a time, while it is in the cache. Lines are counted, the follower is told.
  void begin_long_read(std::size_t from);
  void read_on(std::size_t until);
  /// Where it has come to.
  std::size_t long_read() const { return long_read_.end; }
  static constexpr std::size_t kLongReadStep = 16 << 10;

  /// Emits are in order; what lies between becomes a gap. `rows` as in SplitPart.
  void emit_unit(std::size_t begin, std::size_t end, std::size_t rows = 0);
  void emit_directive(std::size_t begin, std::size_t end,
                      DirectiveRole role = DirectiveRole::kAlone, std::size_t rows = 0);
  /// A directive from `begin` to the end of its line; reading goes on there.
  void emit_line(std::size_t begin, DirectiveRole role = DirectiveRole::kAlone);
  /// For a token that is not closed: the unit that began at `unit` (kNone: with the token) ends
  /// where it does not swallow what follows, and reading goes on there. Adds the warning.
  void emit_broken(std::size_t unit, const Token& open);

  /// Is nothing certain to begin behind a comment that is not closed, however indented?
  bool is_last(const Token& open) const;

  /// The warning for what a client reads on with to the end of the text: an open parenthesis, a
  /// block. Comes before the unit is emitted.
  void warn_open(const Token& open);

  /// The command at text[at] ends `client`, which reads nothing behind the part that holds it: the
  /// rest of the text is one gap, with a warning where units would stand in it. Comes before that
  /// part is emitted, which begins at `unit`. False, with a warning, where a quote before it is
  /// odd: what looks like a command may be the inside of a literal then, so it ends nothing.
  bool leave(std::string_view client, std::size_t at, std::size_t unit);

  /// What ends statements from here on, as a view into the text or a literal.
  void set_terminator(std::string_view terminator) { terminator_ = terminator; }
  std::string_view terminator() const { return terminator_; }

  /// The byte that ends a line: a line feed, but in a text without any a carriage return.
  char line_feed() const { return line_mark_; }
  /// The word that begins here; empty where none does.
  std::string_view word_at(std::size_t position) const;
  /// Where the line that `position` stands in ends, before its line end.
  std::size_t line_end(std::size_t position) const;
  bool at_line_end(std::size_t position) const;
  std::size_t next_line(std::size_t position) const;
  bool at_line_start(std::size_t position) const;
  std::size_t skip_blanks(std::size_t position) const;
  /// Behind white space, and marks of byte order as files put together have them.
  std::size_t skip_spaces_and_marks(std::size_t position) const;
  std::size_t trim_end(std::size_t begin, std::size_t end) const;
  /// True when the line at `position` holds `word` (any letter case) and white space only.
  bool lone_word_line(std::size_t position, std::string_view word) const;

  std::string_view text() const { return scanner_.text(); }
  Scanner scanner_;

 private:
  struct Place {
    std::size_t position = 0;
    std::uint64_t line = 1;
    std::string_view terminator = ";";
  };
  struct CountedLines {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::uint64_t lines = 0;
    std::uint64_t first = 1;  // the line of its begin
  };
  SplitPart* push(PartKind kind, std::size_t begin, std::size_t end);
  void push_gap(std::size_t end);
  std::string_view row_head(std::size_t unit) const;
  void emit_rows(std::size_t unit, std::span<const RowEnd> ends);
  std::uint64_t lines_between(std::size_t begin, std::size_t end) const;
  bool is_turned_round(const Token& literal);
  bool reads_on_well_behind(const Token& literal) const;
  void limit_reach(std::size_t begin);
  std::size_t cut_broken(std::size_t unit, const Token& open);
  Token culprit_of(std::size_t unit, const Token& open) const;
  void warn(const Token& open, std::string_view outcome);
  Warning warning_at(std::size_t position) const;
  bool is_doubtful(std::size_t at, std::size_t unit) const;
  void push_unread();
  bool finds_unit();

  // So many that what is theirs is still in the cache when they have been handed out.
  static constexpr std::size_t kRowsAtOnce = 256;
  static constexpr std::size_t kRowsText = 32 << 10;

  std::vector<SplitPart> pending_;
  std::array<RowEnd, kRowsAtOnce> row_ends_;
  RowRun rows_;  // behind what is pending
  Place emitted_;
  CountedLines long_read_;
  std::function<void(LinePlace)> follower_;
  std::string_view terminator_ = ";";
  Dialect dialect_;
  char line_mark_;
  SkimRules skim_rules_;
  bool can_skim_ = false;
  std::size_t indented_ = kNone;  // the unit whose indentation is known
  std::size_t indentation_ = 0;
  std::size_t fruitless_ = 0;  // nothing is certain up to the end behind fewer blanks than these
  bool only_create_ = false;
  std::size_t reach_ = 0;
  std::vector<Warning> warnings_;
  std::optional<Warning> leaves_;     // the client did, here
  std::size_t leaves_again_ = kNone;  // a further command that would end it
  SplitPart last_unit_;
  std::size_t doubted_ = kNone;  // where the unit begins whose odd quote was warned of
};

std::unique_ptr<UnitFinder> make_tsql_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_postgresql_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_mysql_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_oracle_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_sqlite_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_script_finder(std::string_view text, Dialect dialect);

}  // namespace engine::sql
