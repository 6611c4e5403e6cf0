#include "engine/dependency/volatile_code.h"

#include <algorithm>
#include <iterator>
#include <span>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::dependency {
namespace {

constexpr std::string_view kDynamic[] = {"execute", "exec", "immediate", "prepare", "dbms_sql"};
constexpr std::string_view kMaking[] = {"execute", "exec", "immediate", "create", "alter"};
constexpr std::string_view kActing[] = {"trigger", "rule"};
constexpr std::string_view kDefault[] = {"default"};

// Functions by which a body takes something that other rows change: what was done last, settings.
constexpr std::string_view kStateful[] = {"currval",        "lastval",        "prevval",
                                          "setval",         "last_insert_id", "last_insert_rowid",
                                          "scope_identity", "row_count",      "changes",
                                          "total_changes",  "ident_current",  "identity_val_local",
                                          "dblink",         "set_config"};
constexpr std::string_view kCounting[] = {"nextval", "gen_id"};

// A word of code, and what stands around it. Bodies are strings, so strings are read; comments are
// not.
class CodeWords {
 public:
  explicit CodeWords(std::string_view text) : text_(text) {}

  bool next() {
    while (at_ < text_.size()) {
      if (text_[at_] == '\'') {
        in_string_ = !in_string_;
        ++at_;
      } else if (!in_string_ && text_.substr(at_).starts_with("--")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (!in_string_ && text_.substr(at_).starts_with("/*")) {
        at_ = std::min(text_.find("*/", at_ + 2), text_.size());
      } else if (sql::kWordBytes.contains(text_[at_])) {
        begin_ = at_;
        while (at_ < text_.size() && sql::kWordBytes.contains(text_[at_])) ++at_;
        return true;
      } else {
        ++at_;
      }
    }
    return false;
  }

  std::string_view word() const { return text_.substr(begin_, at_ - begin_); }
  char before() const { return begin_ == 0 ? ' ' : text_[begin_ - 1]; }
  /// What begins behind it and behind white space.
  std::string_view behind() const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    return next == std::string_view::npos ? std::string_view() : text_.substr(next);
  }
  bool is_called() const { return behind().starts_with('(') || before() == '.'; }
  bool is_before(std::string_view word) const {
    return sql::equal_words(behind().substr(0, word.size()), word);
  }

 private:
  std::string_view text_;
  std::size_t begin_ = 0, at_ = 0;
  bool in_string_ = false;  // where no comment begins
};

bool has_any_word(std::string_view text, std::span<const std::string_view> words) {
  CodeWords at(text);
  while (at.next()) {
    if (sql::equals_any(at.word(), words)) return true;
  }
  return false;
}

// What is run is put together, or rests on what was done last.
bool has_state(std::string_view text) {
  CodeWords at(text);
  while (at.next()) {
    const std::string_view word = at.word();
    if (sql::equals_any(word, kDynamic)) return true;
    if (sql::equals_any(word, kStateful) && (at.is_called() || at.is_before("for"))) return true;
    if (sql::equal_words(word, "identity") && at.before() == '@') return true;  // @@IDENTITY
    const bool last = sql::equal_words(word, "previous") || sql::equal_words(word, "prev");
    if (last && at.is_before("value")) return true;
  }
  return false;
}

// nextval('s'), s.NEXTVAL, NEXT VALUE FOR s
bool counts(std::string_view text) {
  CodeWords at(text);
  while (at.next()) {
    const std::string_view word = at.word();
    if (sql::equals_any(word, kCounting) && (at.is_called() || at.is_before("for"))) return true;
    if (sql::equal_words(word, "next") && at.is_before("value")) return true;
  }
  return false;
}

// SET @last = NEW.id, and not DEFINER = root@localhost, nor @@sql_mode.
bool has_variable(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    const char before = at == 0 ? ' ' : text[at - 1];
    const bool of_account = sql::kWordBytes.contains(before) ||
                            std::string_view("`'\"").find(before) != std::string_view::npos;
    if (!of_account && before != '@' && text.substr(at + 1, 1) != "@") return true;
  }
  return false;
}

// A trigger, or what is put together and may be a default.
bool may_make(std::string_view code) {
  return (has_any_word(code, kMaking) && has_any_word(code, kActing)) ||
         (has_any_word(code, kDynamic) && has_any_word(code, kDefault));
}

bool is_of_server(std::string_view schema) {
  return sql::equal_words(schema, "pg_catalog") || sql::equal_words(schema, "sys") ||
         sql::equal_words(schema, "mysql");
}

}  // namespace

std::vector<Reference> calls_of(const std::vector<Reference>& references) {
  std::vector<Reference> calls;
  std::copy_if(references.begin(), references.end(), std::back_inserter(calls),
               [](const Reference& one) { return one.kind == ReferenceKind::kCalls; });
  return calls;
}

VolatileCode::Code VolatileCode::code_of(std::string_view text,
                                         const std::vector<Reference>& references) {
  Code code;
  code.text = text;
  for (const Reference& one : references) {
    if (one.kind == ReferenceKind::kReads || one.kind == ReferenceKind::kWrites) {
      code.touches_rows = true;
    }
  }
  code.calls = calls_of(references);
  return code;
}

bool VolatileCode::note(std::size_t routine, std::string_view name, std::string_view text,
                        const std::vector<Reference>& references) {
  const auto [code, is_new] = codes_.insert_or_assign(routine, code_of(text, references));
  const bool changes = !is_new || missed_.erase(sql::lower(name)) > 0;
  if (changes) plain_.clear();
  return changes;
}

bool VolatileCode::is_volatile(std::string_view text, const std::vector<Reference>& references) {
  return touches(code_of(text, references)) || calls_volatile(references);
}

bool VolatileCode::calls_volatile(const std::vector<Reference>& references) {
  std::vector<std::size_t> routines;
  return !add_called(references, &routines) || reaches_volatile(routines);
}

// By itself, whatever it calls and counts by.
bool VolatileCode::touches(const Code& code) const {
  return code.touches_rows || has_state(code.text) ||
         (dialect_ == Dialect::kMysql && has_variable(code.text));
}

bool VolatileCode::acts(Code* code) const {
  if (!code->acts) code->acts = touches(*code) || counts(code->text);
  return *code->acts;
}

// The routines of the script that are called; false where one is that nobody knows. What is called
// in an expression, not known, and in no schema or package is the server's own, most likely.
bool VolatileCode::add_called(const std::vector<Reference>& references,
                              std::vector<std::size_t>* routines) {
  return std::all_of(references.begin(), references.end(), [&](const Reference& call) {
    if (call.kind != ReferenceKind::kCalls) return true;
    const std::vector<std::size_t> known = book_.find_routines(call.schema, call.name);
    routines->insert(routines->end(), known.begin(), known.end());
    if (known.empty()) missed_.insert(sql::lower(call.name));
    return !known.empty() || (call.in_expression && (!call.schema || is_of_server(*call.schema)));
  });
}

// One of them, or what they call, is.
bool VolatileCode::reaches_volatile(std::vector<std::size_t> routines) {
  std::unordered_set<std::size_t> seen;
  for (std::size_t i = 0; i < routines.size(); ++i) {
    const std::size_t routine = routines[i];
    if (plain_.contains(routine) || !seen.insert(routine).second) continue;
    const auto code = codes_.find(routine);
    if (code == codes_.end() || acts(&code->second)) return true;
    if (!add_called(code->second.calls, &routines)) return true;
  }
  plain_.merge(seen);
  return false;
}

bool VolatileCode::makes_anything(std::string_view text, const std::vector<Reference>& references) {
  if (may_make(text)) return true;
  return std::any_of(references.begin(), references.end(), [&](const Reference& one) {
    if (one.kind != ReferenceKind::kCalls) return false;
    const std::vector<std::size_t> all = book_.find_routines(one.schema, one.name);
    return std::any_of(all.begin(), all.end(), [&](std::size_t routine) {
      const auto code = codes_.find(routine);
      if (code == codes_.end()) return false;
      if (!code->second.makes) code->second.makes = may_make(code->second.text);
      return *code->second.makes;
    });
  });
}

}  // namespace engine::dependency
