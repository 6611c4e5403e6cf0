#include "engine/dependency/volatile_code.h"

#include <algorithm>
#include <span>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::dependency {
namespace {

// Words by which a body takes or leaves something that other rows may change or see: what is run is
// put together, numbers of a sequence, what was done last, settings.
constexpr std::string_view kStateful[] = {
    "execute",   "exec",      "immediate",      "prepare",           "dbms_sql",
    "nextval",   "currval",   "lastval",        "prevval",           "setval",
    "gen_id",    "next",      "last_insert_id", "last_insert_rowid", "scope_identity",
    "row_count", "changes",   "total_changes",  "identity",          "ident_current",
    "dblink",    "set_config"};

constexpr std::string_view kDynamic[] = {"execute", "exec", "immediate", "prepare", "dbms_sql"};
constexpr std::string_view kActing[] = {"trigger", "rule", "default"};

// Whether it is in a string, a comment or the code is not asked: bodies are strings.
bool has_any_word(std::string_view text, std::span<const std::string_view> words) {
  for (std::size_t at = 0; at < text.size();) {
    if (!sql::kWordBytes.contains(text[at])) {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    while (end < text.size() && sql::kWordBytes.contains(text[end])) ++end;
    if (sql::equals_any(text.substr(at, end - at), words)) return true;
    at = end;
  }
  return false;
}

}  // namespace

VolatileCode::Code VolatileCode::code_of(std::string_view text,
                                         const std::vector<Reference>& references) {
  Code code;
  code.text = text;
  for (const Reference& one : references) {
    if (one.kind == ReferenceKind::kReads || one.kind == ReferenceKind::kWrites) {
      code.touches_rows = true;
    } else if (one.kind == ReferenceKind::kCalls) {
      code.calls.push_back(one);
    }
  }
  return code;
}

void VolatileCode::note(std::size_t routine, std::string_view text,
                        const std::vector<Reference>& references) {
  known_.clear();
  codes_[routine] = code_of(text, references);
}

bool VolatileCode::is_volatile(std::string_view text, const std::vector<Reference>& references) {
  return is_volatile(code_of(text, references), 0);
}

bool VolatileCode::calls_volatile(const std::vector<Reference>& references) {
  return calls_volatile(code_of({}, references).calls, 0);
}

bool VolatileCode::is_volatile(std::size_t routine, int depth) {
  constexpr int kDeepest = 16;
  const auto code = codes_.find(routine);
  if (code == codes_.end() || depth == kDeepest) return true;
  // One that calls itself is what the rest of it makes it.
  const auto [known, is_new] = known_.try_emplace(routine, false);
  if (!is_new) return known->second;
  const bool is = is_volatile(code->second, depth + 1);
  // Within another's answer, what is not volatile rests on what that turns out to be.
  if (is || depth == 0) return known_[routine] = is;
  known_.erase(routine);
  return false;
}

bool VolatileCode::is_volatile(const Code& code, int depth) {
  if (code.touches_rows) return true;
  // SET @last = NEW.id
  if (dialect_ == Dialect::kMysql && code.text.find('@') != std::string_view::npos) return true;
  return has_any_word(code.text, kStateful) || calls_volatile(code.calls, depth);
}

// What is called in an expression and not known is the server's own, most likely.
bool VolatileCode::calls_volatile(const std::vector<Reference>& calls, int depth) {
  return std::any_of(calls.begin(), calls.end(), [&](const Reference& call) {
    bool is_known = false;
    for (const std::size_t one : book_.find_all(call.schema, call.name)) {
      if (book_[one].kind != NameKind::kRoutine) continue;
      is_known = true;
      if (is_volatile(one, depth)) return true;
    }
    return !is_known && !call.in_expression;
  });
}

bool VolatileCode::makes_anything(std::string_view text,
                                  const std::vector<Reference>& references) const {
  const auto makes = [](std::string_view code) {
    return has_any_word(code, kDynamic) && has_any_word(code, kActing);
  };
  if (makes(text)) return true;
  return std::any_of(references.begin(), references.end(), [&](const Reference& one) {
    if (one.kind != ReferenceKind::kCalls) return false;
    const std::vector<std::size_t> all = book_.find_all(one.schema, one.name);
    return std::any_of(all.begin(), all.end(), [&](std::size_t routine) {
      const auto code = codes_.find(routine);
      return code != codes_.end() && makes(code->second.text);
    });
  });
}

}  // namespace engine::dependency
