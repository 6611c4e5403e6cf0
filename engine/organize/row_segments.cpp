#include "engine/organize/row_segments.h"

#include <algorithm>
#include <utility>

#include "engine/dependency/reads_tables.h"
#include "engine/dependency/statement_words.h"
#include "engine/organize/statement_key.h"

namespace engine::organize {
namespace {

std::optional<std::string> database_of(const sql::Statement& statement) {
  return statement.objects.empty() ? std::nullopt : statement.objects.front().database;
}

void note_objects(const sql::Statement& statement, Draft* draft) {
  for (const ObjectRef& object : statement.objects) draft->objects.note(object);
}

}  // namespace

RowSegments::RowSegments(std::string_view text, Dialect dialect, std::uint64_t segment_size,
                         DraftList* drafts, dependency::Journal* journal,
                         StatementReferences* references)
    : text_(text),
      dialect_(dialect),
      keys_(dialect),
      conflict_words_(text),
      key_marks_(text, dialect),
      segment_size_(segment_size),
      drafts_(*drafts),
      journal_(*journal),
      references_(*references) {}

// Rows of several tables in turn go on where each table's rows are, as long as nothing but rows
// came between, and none of them were read from a table. With very many turns they are kept as they
// stand: the list of pieces is bounded.
std::size_t RowSegments::place(const sql::Statement& statement) {
  // Most rows follow rows of their table, where no key has to be made to find it.
  const bool same_table = follows(statement);
  if (!same_table) acting_ = {};
  if (same_table && drafts_.is_rows(drafts_.current()) && goes_on(drafts_.current(), statement))
    return note(drafts_.current(), statement);
  last_rows_ = {keyed(statement), statement.owner_schema, statement.owner_name,
                database_of(statement), statement.database};
  return last_rows_.draft;
}

// The last stretch was rows for the same table.
bool RowSegments::follows(const sql::Statement& statement) const {
  return drafts_.current() == last_rows_.draft && last_rows_.schema == statement.owner_schema &&
         last_rows_.name == statement.owner_name && last_rows_.database == database_of(statement) &&
         last_rows_.in_force == statement.database;
}

// What goes_on() asks of one, asked of all of them: of the words that they have in common, and of
// the stretch of text that they are.
std::size_t RowSegments::count_going_on(const sql::RowRun& rows, const sql::Statement& first) {
  // What is asked of a long one is little beside reading it.
  constexpr std::uint64_t kLong = 2048;
  if (rows.end() - rows.offset() > rows.size() * kLong) return 0;
  if (!follows(first) || !drafts_.is_rows(drafts_.current())) return 0;
  const Draft& draft = drafts_[drafts_.current()];
  const bool next_to = draft.pieces.size() == 1 && drafts_.assigned() == rows.offset();
  if (!next_to || draft.only_frames || draft.objects.empty()) return 0;
  const auto begin = static_cast<std::size_t>(rows.offset());
  const auto end = static_cast<std::size_t>(rows.end());
  const auto name_end = static_cast<std::size_t>(first.owner_end);
  const std::string_view head = sql::head_of_rows(text_, begin, name_end, end);
  if (head.empty() || dependency::commands_index(first, text_, dialect_)) return 0;

  const auto [on_keys, until] = conflict_words_.of_all(head, begin, end);
  if (on_keys && !draft.on_keys) return 0;
  if (!draft.acts && act_beside(head, first, on_keys)) return 0;
  std::size_t count = rows.count_ending_by(std::min(until, key_marks_.find(begin, end)));
  const std::uint64_t room = segment_size_ - std::min(segment_size_, draft.bytes);
  count = std::min(count, rows.count_beginning_before(begin + std::min(room, end - begin)));
  return journal_.knows_routines() ? count_calling_nothing(rows.first(count), name_end - begin)
                                   : count;
}

// What is the same for all rows that begin with the words of `head`.
bool RowSegments::act_beside(std::string_view head, const sql::Statement& first, bool on_keys) {
  return dependency::holds_counters(first.owner_name, dialect_) || acts_on_others(first, on_keys) ||
         (journal_.knows_actions() && dependency::replaces(head));
}

std::size_t RowSegments::count_calling_nothing(const sql::RowRun& rows,
                                               std::size_t name_end) const {
  std::size_t count = 0;
  while (count < rows.size() && !may_call(rows.unit(count).in(text_), name_end)) ++count;
  return count;
}

// Next to the rows before it, or with nothing but plain rows between.
bool RowSegments::goes_on(std::size_t segment, const sql::Statement& statement) {
  const Draft& draft = drafts_[segment];
  if (draft.bytes >= segment_size_ || begins_with_query(statement)) return false;
  if (dependency::commands_index(statement, text_, dialect_)) return false;
  const bool next_to = segment == drafts_.current() && draft.pieces.size() == 1;
  if (!(draft.acts && next_to) && acts_beside(statement)) return false;
  if (!draft.on_keys && !(draft.only_frames && next_to) && rest_on_keys(statement)) return false;
  const dependency::KeyUse use = key_use(statement);
  const bool counts = use.takes_any() || (!next_to && journal_.knows_counters());
  if (counts && !counts_alone(segment, counters_of(statement, use))) return false;
  if (next_to) return true;
  const auto begin = static_cast<std::size_t>(plain_until_);
  const auto end = static_cast<std::size_t>(statement.offset + statement.length);
  const std::string_view between = text_.substr(begin, end - begin);
  const bool takes_last =
      key_marks_.any(begin, end) && dependency::find_key_use(between, dialect_).last;
  if (takes_last || dependency::reads_tables(between, dialect_)) {
    close(statement.offset);
    return false;
  }
  if (key_marks_.last_is_taken(end)) return false;
  plain_until_ = end;
  return true;
}

// COPY brings its rows with it.
dependency::KeyUse RowSegments::key_use(const sql::Statement& statement) {
  if (statement.rows != 0 || statement.role != sql::Role::kData) return {};
  const auto begin = static_cast<std::size_t>(statement.offset);
  if (!key_marks_.any(begin, begin + static_cast<std::size_t>(statement.length))) return {};
  return dependency::find_key_use(statement.in(text_), dialect_);
}

std::vector<std::size_t> RowSegments::counters_of(const sql::Statement& statement,
                                                  const dependency::KeyUse& use) {
  if (statement.role != sql::Role::kData) return {};
  return journal_.counters_of(statement, use.sequences);
}

// The rows of `segment` were the last that took numbers of each.
bool RowSegments::counts_alone(std::size_t segment,
                               const std::vector<std::size_t>& counters) const {
  return std::all_of(counters.begin(), counters.end(), [&](std::size_t numbers) {
    const auto last = counters_.find(numbers);
    return last != counters_.end() && last->second == segment;
  });
}

bool RowSegments::rest_on_keys(const sql::Statement& statement) {
  const auto begin = static_cast<std::size_t>(statement.offset);
  return conflict_words_.rest_on_keys(begin, begin + static_cast<std::size_t>(statement.length));
}

// Rows of other tables are changed with them, or read, or what those are counted by.
bool RowSegments::acts_beside(const sql::Statement& statement) {
  if (statement.role != sql::Role::kData) return false;
  if (dependency::commands_index(statement, text_, dialect_)) return true;
  if (act_beside(statement.in(text_), statement, rest_on_keys(statement))) return true;
  return calls_routines(statement) && journal_.calls_volatile(references_.all());
}

// Once for rows of one table that follow each other, as long as nothing new is known of names.
bool RowSegments::acts_on_others(const sql::Statement& statement, bool on_keys) {
  if (acting_.asked != journal_.changes() || acting_.on_keys != on_keys) {
    acting_ = {journal_.changes(), on_keys, journal_.acts_on_others(statement, on_keys)};
  }
  return acting_.acts;
}

// Once for each statement; what it refers to is in references_ then.
bool RowSegments::calls_routines(const sql::Statement& statement) {
  if (asked_ == statement.offset) return calls_;
  asked_ = statement.offset;
  calls_ = false;
  references_.clear();
  if (!journal_.knows_routines() || statement.rows != 0) return false;
  const auto name_end = std::max(statement.owner_end, statement.offset) - statement.offset;
  if (!may_call(statement.in(text_), static_cast<std::size_t>(name_end))) return false;
  references_.find(statement);
  return calls_ = journal_.calls_routines(references_.all());
}

// VALUES (f(1)). Most rows call nothing: where something is called a bracket follows a word, which
// is behind the columns not only VALUES.
bool RowSegments::may_call(std::string_view all, std::size_t name_end) {
  std::size_t at = all.find_first_of("(vV", name_end);
  if (at != std::string_view::npos && all[at] == '(') at = all.find(')', at);
  while (at != std::string_view::npos && (at = all.find('(', at + 1)) != std::string_view::npos) {
    const char before = all[at - 1];
    const std::size_t word = at < 6 ? 0 : at - 6;
    const bool values = sql::equal_words(all.substr(word, at - word), "values");
    if ((sql::kWordBytes.contains(before) || before == '"') && !values) return true;
  }
  return false;
}

// INSERT INTO t (a, b) SELECT: not VALUES, and not the rows of a COPY.
bool RowSegments::begins_with_query(const sql::Statement& statement) const {
  if (statement.rows != 0 || statement.role != sql::Role::kData) return false;
  const std::string_view all = statement.in(text_);
  if (statement.owner_end <= statement.offset) return dependency::reads_tables(all, dialect_);
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t name_end = static_cast<std::size_t>(statement.owner_end - statement.offset);
  std::size_t at = all.find_first_not_of(kSpace, std::min(name_end, all.size()));
  if (at != std::string_view::npos && all[at] == '(') {
    at = all.find(')', at);
    if (at != std::string_view::npos) at = all.find_first_not_of(kSpace, at + 1);
  }
  if (at != std::string_view::npos && (all[at] == 'v' || all[at] == 'V')) return false;
  return dependency::reads_tables(all, dialect_);
}

void RowSegments::close(std::uint64_t until) {
  open_.clear();
  counters_.clear();
  last_rows_ = {};
  plain_until_ = until;
}

std::size_t RowSegments::keyed(const sql::Statement& statement) {
  constexpr std::size_t kMostPieces = 100'000;
  const auto open = open_.find(keys_.key(rows_owner_key(statement, dialect_)));
  if (open != open_.end() && goes_on(open->second, statement)) {
    if (open->second != drafts_.current() && drafts_.pieces() >= kMostPieces) return kNone;
    return note(open->second, statement);
  }
  if (drafts_.pieces() >= kMostPieces) return kNone;
  return add(statement);
}

std::size_t RowSegments::note(std::size_t draft, const sql::Statement& statement) {
  Draft& rows = drafts_[draft];
  if (rows.objects.empty()) note_objects(statement, &rows);
  if (statement.role != sql::Role::kData) return draft;
  const bool calls = calls_routines(statement);
  const bool first_on_keys = rows.only_frames && rest_on_keys(statement);
  rows.on_keys = rows.on_keys || first_on_keys;
  if (calls || first_on_keys) {
    journal_.read(statement, references_.all());
    journal_.note(draft);
  }
  rows.only_frames = false;
  return draft;
}

// Rows that are read from tables come behind what is in those now, and before what comes there
// later.
std::size_t RowSegments::add(const sql::Statement& statement) {
  acting_ = {};
  const bool rows_only = statement.rows != 0 || statement.role != sql::Role::kData;
  const std::string_view all = statement.in(text_);
  const dependency::KeyUse use = key_use(statement);
  const bool queries = use.last || (!rows_only && dependency::reads_tables(all, dialect_));
  const bool acts = acts_beside(statement);
  if (!calls_routines(statement) && queries) references_.find(statement);
  if (queries || acts) close(statement.offset + statement.length);
  journal_.read(statement, references_.all());
  Draft draft = drafts_.make();
  draft.kind = OutputKind::kSegment;
  draft.queries = queries;
  draft.acts = acts;
  draft.only_frames = statement.role != sql::Role::kData;
  draft.on_keys = !rows_only && rest_on_keys(statement);
  draft.owner = rows_owner_key(statement, dialect_);
  note_objects(statement, &draft);
  const std::string key = keys_.key(*draft.owner);
  const std::size_t index = drafts_.add(std::move(draft));
  open_[key] = index;
  for (const std::size_t numbers : counters_of(statement, use)) counters_[numbers] = index;
  journal_.note(index);
  return index;
}

}  // namespace engine::organize
