// UnitFinder: what the splitters of all dialects share. A dialect finds its next unit or directive
// and emits it; the stretches between become gaps, lines are counted, and broken quotes are
// resynchronised here.
//
// Thread contract: confined to one thread; borrows the text.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/scanner.h"
#include "engine/sql/splitter.h"

namespace engine::sql {

class UnitFinder {
 public:
  UnitFinder(std::string_view text, Dialect dialect);
  virtual ~UnitFinder() = default;

  bool next(SplitPart* part);
  const std::vector<Warning>& warnings() const { return warnings_; }

 protected:
  static constexpr std::size_t kNone = std::string_view::npos;

  /// Emits at least one unit or directive behind the last one; false when only a gap is left.
  virtual bool advance() = 0;

  /// The scanner's next token. A literal that runs over a certain place is taken for broken at once
  /// where it touches a word, or where many of the text were found broken already (so that a
  /// hopeless text costs no more than a good one).
  Token next_token(const ByteSet& stops);

  /// The first place in (from, limit) where the dialect makes certain that something new begins;
  /// kNone where there is none.
  virtual std::size_t resynchronise(std::size_t from, std::size_t limit) const;

  void emit(PartKind kind, std::size_t begin, std::size_t end);

  /// For a token that is not closed: where the unit that began at `unit` has to end, so that it
  /// does not swallow what follows. Adds the warning.
  std::size_t cut_broken(std::size_t unit, const Token& open);

  /// The line that `position` stands in: [line_begin, line_end), without its line end.
  std::size_t line_end(std::size_t position) const;
  std::size_t next_line(std::size_t position) const;
  bool at_line_start(std::size_t position) const;
  /// Start without spaces, end without trailing white space.
  std::size_t skip_blanks(std::size_t position) const;
  std::size_t trim_end(std::size_t begin, std::size_t end) const;
  /// True when the line at `position` holds `word` (any letter case) and white space only.
  bool lone_word_line(std::size_t position, std::string_view word) const;

  std::string_view text() const { return scanner_.text(); }
  Scanner scanner_;

 private:
  struct Place {
    std::size_t position = 0;
    std::uint64_t line = 1;
  };
  void push(PartKind kind, std::size_t begin, std::size_t end);
  std::uint64_t count_lines(std::size_t begin, std::size_t end) const;
  void warn(const Token& open);
  bool touches_word(const Token& literal) const;

  std::vector<SplitPart> pending_;
  std::size_t pending_head_ = 0;
  Place emitted_;
  bool broken_ = false;  // of the unit to be emitted next
  char line_mark_;
  std::vector<Warning> warnings_;
};

std::unique_ptr<UnitFinder> make_tsql_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_postgresql_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_mysql_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_oracle_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_sqlite_finder(std::string_view text);
std::unique_ptr<UnitFinder> make_script_finder(std::string_view text, Dialect dialect);

}  // namespace engine::sql
