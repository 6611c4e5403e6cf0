#include "engine/dependency/journal.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/name_case.h"
#include "engine/sql/type_phrases.h"

namespace engine::dependency {
namespace {

constexpr std::size_t kNone = NameBook::kNone;

}  // namespace

Journal::Journal(std::string_view text, Dialect dialect, std::pmr::memory_resource* memory)
    : dialect_(dialect),
      book_(name_case(dialect) == NameCase::kIgnored, default_schema(dialect), memory),
      reader_(text, dialect, &book_),
      graph_(memory) {}

// Where names without a schema are in the database that is in use, they are read so.
void Journal::read(const sql::Statement& statement, const std::vector<Reference>& references) {
  ++changes_;
  if (dialect_ != Dialect::kMysql || !statement.database) {
    reader_.read(statement, references);
  } else {
    sql::Statement full = statement;
    if (!full.owner_name.empty() && !full.owner_schema) full.owner_schema = full.database;
    for (ObjectRef& object : full.objects) {
      const bool of_server = sql::scope_of(object.type, dialect_) == sql::Scope::kServer;
      if (!object.schema && !of_server) object.schema = full.database;
    }
    std::vector<Reference> referred = references;
    for (Reference& one : referred) {
      if (!one.schema) one.schema = full.database;
    }
    reader_.read(full, referred);
  }
  for (const Remade& one : reader_.remade()) note_users(one);
}

std::size_t Journal::relation_of(const sql::Statement& rows) const {
  const bool by_database = dialect_ == Dialect::kMysql && !rows.owner_schema;
  return reader_.relation(by_database ? rows.database : rows.owner_schema, rows.owner_name);
}

bool Journal::calls_routines(const std::vector<Reference>& references) const {
  return std::any_of(references.begin(), references.end(), [this](const Reference& one) {
    return one.kind == ReferenceKind::kCalls && !book_.find_routines(one.schema, one.name).empty();
  });
}

std::vector<std::size_t> Journal::counters_of(const sql::Statement& rows,
                                              const std::vector<std::string>& sequences) {
  std::vector<std::size_t> counters;
  for (const std::string& sequence : sequences) counters.push_back(reader_.numbers_of(sequence));
  if (!reader_.knows_counters()) return counters;
  const std::vector<std::size_t> others = reader_.counters_of(rows, relation_of(rows));
  counters.insert(counters.end(), others.begin(), others.end());
  return counters;
}

// All that may have used it since it was made needs it as it was.
void Journal::note_users(const Remade& remade) {
  const std::size_t maker = book_[remade.name].maker;
  if (maker == kNone) return;
  const auto add = [&](std::size_t user) {
    if (user == kNone || user <= maker) return;
    book_[remade.name].told = true;
    graph_.add(maker, user, NeedGraph::Strength::kHard, remade.name);
  };
  const NameBook::Entry& users = book_[remade.users];
  for (const NameBook::Reader& reader : users.readers) add(reader.node);
  add(users.maker);
}

// Of each name: who must come before the statement.
bool Journal::parts(std::size_t draft, std::size_t joined) const {
  const std::size_t node = graph_.node(draft), other = graph_.node(joined);
  std::vector<std::size_t> before;
  const auto add = [&](std::size_t one) {
    if (one == kNone || graph_.node(one) == node || graph_.node(one) == other) return;
    before.push_back(one);
  };
  for (const Touch& touch : reader_.touches()) {
    const NameBook::Entry& entry = book_[touch.name];
    if (touch.use == Touch::Use::kChecks) add(entry.stepper);
    if (touch.use > Touch::Use::kChecks) add(entry.maker);
    if (!touch.makes()) continue;
    for (const NameBook::Reader& reader : entry.readers) {
      if (holds(entry, reader, touch.use)) add(reader.node);
    }
  }
  return graph_.leads_to(draft, before) || (node != other && graph_.leads_to(joined, before));
}

// It has to be done with before the name stands for something else.
bool Journal::holds(const NameBook::Entry& entry, const NameBook::Reader& reader,
                    Touch::Use against) {
  if (reader.acts && against == Touch::Use::kFills && !reader.on_insert) return false;
  if (reader.acts && against == Touch::Use::kLoads) return false;
  if (against == Touch::Use::kAmends && reader.evaluates) return false;
  if (entry.kind == NameKind::kRows) return reader.evaluates;
  return entry.made && (reader.evaluates || !entry.lenient);
}

// Who must come before the statement as the name stands. Rows that a trigger does not act on may
// come behind it as well.
void Journal::note_makers(const NameBook::Entry& entry, const Touch& touch, std::size_t draft) {
  using Strength = NeedGraph::Strength;
  const auto add = [&](std::size_t maker, Strength strength) {
    if (maker != kNone) graph_.add(maker, draft, strength, touch.name);
  };
  if (acts(touch.use)) {
    add(entry.changer, Strength::kSoft);
    if (touch.use == Touch::Use::kActsOnInsert) add(entry.filler, Strength::kSoft);
  } else if (touch.use == Touch::Use::kChecks) {
    // A step keeps its place in any order, which need not be told.
    if (entry.stepper != kNone)
      graph_.add(entry.stepper, draft, Strength::kHard, reader_.context());
  } else if (touch.use != Touch::Use::kPrecedes) {
    add(entry.maker, Strength::kHard);
  }
}

// The rows that came last before a key is taken are the last of those in any order; of which table
// the key is is not known, so those before them keep their order as well.
void Journal::note_last_rows() {
  std::size_t before = kNone;
  for (const NameBook::Reader& reader : book_[reader_.all_rows()].readers) {
    const std::size_t node = graph_.node(reader.node);
    if (before != kNone && !graph_.leads_to(node, {before})) {
      graph_.add(before, node, NeedGraph::Strength::kHard, reader_.all_rows());
    }
    before = node;
  }
}

void Journal::note(std::size_t draft) {
  ++changes_;
  using Strength = NeedGraph::Strength;
  if (reader_.takes_last_key()) note_last_rows();
  for (const Touch& touch : reader_.touches()) {
    NameBook::Entry& entry = book_[touch.name];
    const bool on_insert = touch.use == Touch::Use::kActsOnInsert;
    if (touch.use == Touch::Use::kFollows) {
      entry.maker = draft;
      continue;
    }
    note_makers(entry, touch, draft);
    if (touch.use == Touch::Use::kChecks) continue;
    if (!touch.makes()) {
      const bool evaluates = touch.use > Touch::Use::kNeeds;
      if (entry.kind == NameKind::kRows && evaluates) entry.told = true;
      entry.readers.push_back({draft, evaluates, acts(touch.use), on_insert});
      continue;
    }
    for (const NameBook::Reader& reader : entry.readers) {
      if (!holds(entry, reader, touch.use)) continue;
      graph_.add(reader.node, draft, reader.acts ? Strength::kSoft : Strength::kHard, touch.name);
    }
    const bool again = entry.maker != kNone && graph_.node(entry.maker) != graph_.node(draft);
    entry.told = entry.told || again;
    entry.made = true;
    std::erase_if(entry.readers, [&](const NameBook::Reader& reader) {
      return touch.use >= Touch::Use::kAmends || holds(entry, reader, touch.use);
    });
    entry.maker = draft;
    if (touch.use >= Touch::Use::kAmends) entry.changer = draft;
    if (touch.use == Touch::Use::kFills) entry.filler = draft;
    if (touch.use == Touch::Use::kMakes && !reader_.is_rows()) entry.stepper = draft;
  }
  for (const std::size_t name : reader_.gone()) book_[name].made = false;
}

NeedGraph Journal::take_graph() {
  std::vector<bool> told, quiet;
  for (std::size_t i = 0; i < book_.size(); ++i) {
    told.push_back(book_[i].told && !book_[i].quiet);
    quiet.push_back(book_[i].quiet);
  }
  graph_.finish(std::move(told), std::move(quiet));
  return std::move(graph_);
}

}  // namespace engine::dependency
