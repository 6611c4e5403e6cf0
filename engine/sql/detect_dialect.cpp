#include "engine/sql/detect_dialect.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::sql {
namespace {

enum class Where : unsigned char {
  kAnywhere,
  kLineStart,  // the line begins with it
  kLine,       // the line is it, but for white space and a number
};

struct Clue {
  Dialect dialect;
  Where where;
  int weight;
  std::string_view text;  // lower case
};

constexpr Clue kClues[] = {
    {Dialect::kTsql, Where::kLine, 6, "go"},
    {Dialect::kTsql, Where::kLineStart, 8, "/****** "},
    {Dialect::kTsql, Where::kAnywhere, 4, "[dbo]."},
    {Dialect::kTsql, Where::kAnywhere, 2, "dbo."},
    {Dialect::kTsql, Where::kAnywhere, 4, "nonclustered"},
    {Dialect::kTsql, Where::kAnywhere, 2, "nvarchar"},
    {Dialect::kTsql, Where::kAnywhere, 4, "].["},
    {Dialect::kTsql, Where::kAnywhere, 4, "on [primary]"},
    {Dialect::kTsql, Where::kAnywhere, 3, "(max)"},
    {Dialect::kTsql, Where::kAnywhere, 3, "datetime2"},
    {Dialect::kTsql, Where::kAnywhere, 3, "uniqueidentifier"},
    {Dialect::kTsql, Where::kAnywhere, 2, "getdate("},
    {Dialect::kTsql, Where::kAnywhere, 3, "sysdatetime("},
    {Dialect::kTsql, Where::kAnywhere, 3, "(nolock)"},
    {Dialect::kTsql, Where::kAnywhere, 3, "create or alter"},
    {Dialect::kTsql, Where::kAnywhere, 2, "with execute as"},
    {Dialect::kTsql, Where::kAnywhere, 3, "print n'"},
    {Dialect::kTsql, Where::kAnywhere, 2, "begin try"},
    {Dialect::kTsql, Where::kLineStart, 1, "@"},
    {Dialect::kTsql, Where::kAnywhere, 3, "identity("},
    {Dialect::kTsql, Where::kAnywhere, 4, "declare @"},
    {Dialect::kTsql, Where::kAnywhere, 4, "set nocount"},
    {Dialect::kTsql, Where::kAnywhere, 3, "object_id("},
    {Dialect::kTsql, Where::kAnywhere, 2, "raiserror"},
    {Dialect::kTsql, Where::kAnywhere, 2, "exec sp_"},
    {Dialect::kTsql, Where::kAnywhere, 3, "@@rowcount"},
    {Dialect::kTsql, Where::kAnywhere, 4, "begin tran"},
    {Dialect::kTsql, Where::kAnywhere, 2, " ["},
    {Dialect::kPostgresql, Where::kLineStart, 20, "-- postgresql database"},
    {Dialect::kPostgresql, Where::kLineStart, 12, "\\connect"},
    {Dialect::kPostgresql, Where::kLineStart, 12, "\\restrict"},
    {Dialect::kPostgresql, Where::kLineStart, 8, "\\"},
    {Dialect::kPostgresql, Where::kAnywhere, 8, "from stdin"},
    {Dialect::kPostgresql, Where::kAnywhere, 5, "$$"},
    {Dialect::kPostgresql, Where::kAnywhere, 5, "$_$"},
    {Dialect::kPostgresql, Where::kAnywhere, 6, "plpgsql"},
    {Dialect::kPostgresql, Where::kAnywhere, 5, "pg_catalog"},
    {Dialect::kPostgresql, Where::kAnywhere, 5, "search_path"},
    {Dialect::kPostgresql, Where::kAnywhere, 4, "alter table only"},
    {Dialect::kPostgresql, Where::kAnywhere, 3, "owner to"},
    {Dialect::kPostgresql, Where::kAnywhere, 3, "nextval("},
    {Dialect::kPostgresql, Where::kAnywhere, 3, "using btree"},
    {Dialect::kPostgresql, Where::kAnywhere, 3, "create extension"},
    {Dialect::kPostgresql, Where::kAnywhere, 2, "::"},
    {Dialect::kPostgresql, Where::kAnywhere, 2, " serial"},
    {Dialect::kPostgresql, Where::kAnywhere, 2, "bytea"},
    {Dialect::kPostgresql, Where::kAnywhere, 2, "timestamptz"},
    {Dialect::kPostgresql, Where::kAnywhere, 2, "character varying"},
    {Dialect::kPostgresql, Where::kAnywhere, 2, "create or replace function"},
    {Dialect::kMysql, Where::kLineStart, 20, "-- mysql dump"},
    {Dialect::kMysql, Where::kLineStart, 20, "-- mariadb dump"},
    {Dialect::kMysql, Where::kLineStart, 10, "delimiter "},
    {Dialect::kMysql, Where::kAnywhere, 8, "/*!4"},
    {Dialect::kMysql, Where::kAnywhere, 8, "/*!5"},
    {Dialect::kMysql, Where::kAnywhere, 8, "/*m!"},
    {Dialect::kMysql, Where::kAnywhere, 6, "engine="},
    {Dialect::kMysql, Where::kAnywhere, 4, "engine ="},
    {Dialect::kMysql, Where::kAnywhere, 5, "auto_increment"},
    {Dialect::kMysql, Where::kAnywhere, 3, " unsigned"},
    {Dialect::kMysql, Where::kAnywhere, 4, "lock tables"},
    {Dialect::kMysql, Where::kAnywhere, 3, "set names"},
    {Dialect::kMysql, Where::kAnywhere, 3, "`"},
    {Dialect::kOracle, Where::kLine, 6, "/"},
    {Dialect::kOracle, Where::kLineStart, 3, "rem "},
    {Dialect::kOracle, Where::kLineStart, 3, "rem\n"},
    {Dialect::kOracle, Where::kLineStart, 4, "prompt "},
    {Dialect::kOracle, Where::kLineStart, 6, "set define"},
    {Dialect::kOracle, Where::kLineStart, 5, "set echo"},
    {Dialect::kOracle, Where::kLineStart, 5, "spool "},
    {Dialect::kOracle, Where::kLineStart, 6, "whenever "},
    {Dialect::kOracle, Where::kLineStart, 4, "connect "},
    {Dialect::kOracle, Where::kLineStart, 4, "@&"},
    {Dialect::kOracle, Where::kLineStart, 4, "@?/"},
    {Dialect::kOracle, Where::kLineStart, 4, "@./"},
    {Dialect::kOracle, Where::kAnywhere, 6, "varchar2"},
    {Dialect::kOracle, Where::kAnywhere, 3, " number("},
    {Dialect::kOracle, Where::kAnywhere, 2, " number"},
    {Dialect::kOracle, Where::kAnywhere, 5, "editionable"},
    {Dialect::kOracle, Where::kAnywhere, 5, "or replace package"},
    {Dialect::kOracle, Where::kAnywhere, 5, "dbms_"},
    {Dialect::kOracle, Where::kAnywhere, 3, "from dual"},
    {Dialect::kOracle, Where::kAnywhere, 3, "sysdate"},
    {Dialect::kOracle, Where::kAnywhere, 3, "alter session"},
    {Dialect::kOracle, Where::kAnywhere, 2, "to_date("},
    {Dialect::kOracle, Where::kAnywhere, 3, "%type"},
    {Dialect::kOracle, Where::kAnywhere, 3, "q'["},
    {Dialect::kSqlite, Where::kAnywhere, 8, "pragma "},
    {Dialect::kSqlite, Where::kAnywhere, 6, "autoincrement"},
    {Dialect::kSqlite, Where::kAnywhere, 6, "without rowid"},
    {Dialect::kSqlite, Where::kAnywhere, 6, "sqlite_"},
    {Dialect::kSqlite, Where::kAnywhere, 4, "create virtual table"},
    {Dialect::kSqlite, Where::kAnywhere, 3, "strftime("},
    {Dialect::kSqlite, Where::kAnywhere, 3, "julianday("},
    {Dialect::kSqlite, Where::kAnywhere, 3, "('now'"},
    {Dialect::kSqlite, Where::kAnywhere, 3, "randomblob("},
    {Dialect::kSqlite, Where::kAnywhere, 6, "] integer"},
    {Dialect::kSqlite, Where::kLineStart, 4, "."},
    {Dialect::kDb2, Where::kLineStart, 20, "--#set terminator"},
    {Dialect::kDb2, Where::kAnywhere, 6, "sysibm"},
    {Dialect::kDb2, Where::kAnywhere, 5, "mode db2sql"},
    {Dialect::kDb2, Where::kAnywhere, 4, "not logged initially"},
    {Dialect::kDb2, Where::kAnywhere, 3, "organize by"},
    {Dialect::kFirebird, Where::kLineStart, 15, "set term "},
    {Dialect::kFirebird, Where::kAnywhere, 6, "rdb$"},
    {Dialect::kSnowflake, Where::kAnywhere, 6, "create or replace stage"},
    {Dialect::kSnowflake, Where::kAnywhere, 6, "create or replace task"},
    {Dialect::kSnowflake, Where::kAnywhere, 5, "create or replace warehouse"},
    {Dialect::kSnowflake, Where::kAnywhere, 5, "file format"},
    {Dialect::kSnowflake, Where::kAnywhere, 4, "transient table"},
    {Dialect::kSnowflake, Where::kAnywhere, 3, "timestamp_ntz"},
    {Dialect::kBigquery, Where::kAnywhere, 5, "int64"},
    {Dialect::kBigquery, Where::kAnywhere, 5, "float64"},
    {Dialect::kBigquery, Where::kAnywhere, 5, "struct<"},
    {Dialect::kBigquery, Where::kAnywhere, 4, "array<"},
    {Dialect::kBigquery, Where::kAnywhere, 3, "safe_cast("},
};

// One clue often repeated proves no more than a few times of it.
constexpr int kMostCounted = 3;

// A clue that begins or ends with a letter is whole words: "sysdate" is not in "sysdatetime".
bool whole_words(std::string_view sample, std::size_t at, std::string_view clue) {
  const std::size_t end = at + clue.size();
  const bool before =
      at > 0 && kWordBytes.contains(clue.front()) && kWordBytes.contains(sample[at - 1]);
  const bool after = end < sample.size() && kWordBytes.contains(clue.back()) &&
                     clue.back() != '_' && kWordBytes.contains(sample[end]) &&
                     !kDigits.contains(clue.back());
  return !before && !after;
}

bool fits(std::string_view sample, std::size_t at, const Clue& clue) {
  if (!whole_words(sample, at, clue.text)) return false;
  if (clue.where == Where::kAnywhere) return true;
  std::size_t before = at;
  while (before > 0 && (sample[before - 1] == ' ' || sample[before - 1] == '\t')) --before;
  if (before > 0 && sample[before - 1] != '\n' && sample[before - 1] != '\r') return false;
  if (clue.where == Where::kLineStart) return true;
  std::size_t after = at + clue.text.size();
  while (after < sample.size() && (sample[after] == ' ' || sample[after] == '\t' ||
                                   (sample[after] >= '0' && sample[after] <= '9'))) {
    ++after;
  }
  return after == sample.size() || sample[after] == '\n' || sample[after] == '\r';
}

// The clues by their first bytes, so that one walk over the text looks for all of them.
struct Index {
  std::array<std::vector<std::size_t>, 256> by_first;
  Index() {
    for (std::size_t i = 0; i < std::size(kClues); ++i) {
      by_first[static_cast<unsigned char>(kClues[i].text[0])].push_back(i);
    }
  }
};

using Counts = std::array<int, std::size(kClues)>;

Counts count_clues(std::string_view sample) {
  static const Index index;
  Counts counts{};
  bool in_word = false;
  for (std::size_t at = 0; at < sample.size(); ++at) {
    const char c = sample[at];
    const bool inside = in_word;
    in_word = kWordBytes.contains(c);
    if (inside && in_word) continue;  // no clue begins within a word
    for (const std::size_t i : index.by_first[static_cast<unsigned char>(c)]) {
      const Clue& clue = kClues[i];
      if (counts[i] < kMostCounted && sample.compare(at, clue.text.size(), clue.text) == 0) {
        counts[i] += fits(sample, at, clue);
      }
    }
  }
  return counts;
}

struct Found {
  int score;
  std::string text;
};

DialectGuess judge(std::string_view sample) {
  constexpr std::size_t kDialects = static_cast<std::size_t>(Dialect::kGeneric) + 1;
  std::array<int, kDialects> scores{};
  std::array<std::vector<Found>, kDialects> found;
  const Counts counts = count_clues(sample);
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const Clue& clue = kClues[i];
    const int count = counts[i];
    if (count == 0) continue;
    const auto index = static_cast<std::size_t>(clue.dialect);
    scores[index] += count * clue.weight;
    std::string text(clue.text.substr(0, clue.text.find('\n')));
    if (clue.where == Where::kLine) text += " line";
    text += ": " + std::to_string(count) + (count == kMostCounted ? " or more" : "");
    found[index].push_back({count * clue.weight, std::move(text)});
  }
  const auto best = std::max_element(scores.begin(), scores.end());
  DialectGuess guess;
  if (*best == 0) return guess;
  const auto index = static_cast<std::size_t>(best - scores.begin());
  guess.dialect = static_cast<Dialect>(index);
  const int best_score = std::exchange(*best, 0);
  const int second = *std::max_element(scores.begin(), scores.end());
  guess.uncertain = best_score < 4 || best_score < second + 3;
  std::stable_sort(found[index].begin(), found[index].end(),
                   [](const Found& a, const Found& b) { return a.score > b.score; });
  for (Found& clue : found[index]) guess.evidence.push_back(std::move(clue.text));
  return guess;
}

}  // namespace

DialectGuess detect_dialect(std::string_view text) {
  for (std::size_t size = 16 << 10;; size *= 8) {
    DialectGuess guess = judge(lower(text.substr(0, size)));
    if (!guess.uncertain || size >= text.size() || size > (4u << 20)) return guess;
  }
}

}  // namespace engine::sql
