#include "engine/sql/signature.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "engine/sql/ascii.h"
#include "engine/sql/qualified_name.h"

namespace engine::sql {
namespace {

// Types of several words, told by their first two.
bool begins_type(std::string_view first, std::string_view second) {
  if (second == "(" || second == "[" || second == ".") return true;
  if (equal_words(first, "double")) return equal_words(second, "precision");
  if (equal_words(first, "character") || equal_words(first, "bit") || equal_words(first, "char")) {
    return equal_words(second, "varying");
  }
  if (equal_words(first, "time") || equal_words(first, "timestamp")) {
    return equal_words(second, "with") || equal_words(second, "without");
  }
  if (equal_words(first, "national")) return second.size() >= 4;
  constexpr std::string_view kFields[] = {"year", "month", "day", "hour", "minute", "second"};
  return equal_words(first, "interval") && equals_any(second, kFields);
}

// The words of one parameter, without its name: "a int" is "int", "double precision" stays.
std::string type_of(const std::vector<std::string>& words) {
  const std::size_t first = words.size() > 1 && !begins_type(words[0], words[1]) ? 1 : 0;
  std::string type;
  for (std::size_t i = first; i < words.size(); ++i) {
    const bool tight = i == first || words[i].find_first_of("()[].,%") == 0 ||
                       words[i - 1] == "(" || words[i - 1] == "." || words[i - 1] == "[" ||
                       words[i - 1] == "%";
    if (!tight) type += ' ';
    type += words[i];
  }
  return type;
}

struct TypeAlias {
  std::string_view alias;
  std::string_view type;
};

// What PostgreSQL's grammar makes of the other spellings of its types.
constexpr TypeAlias kAliases[] = {
    {"int", "integer"},
    {"int2", "smallint"},
    {"int4", "integer"},
    {"int8", "bigint"},
    {"float4", "real"},
    {"float8", "double precision"},
    {"float", "double precision"},
    {"bool", "boolean"},
    {"decimal", "numeric"},
    {"dec", "numeric"},
    {"varchar", "character varying"},
    {"char varying", "character varying"},
    {"char", "character"},
    {"bpchar", "character"},
    {"varbit", "bit varying"},
    {"time", "time without time zone"},
    {"timetz", "time with time zone"},
    {"timestamp", "timestamp without time zone"},
    {"timestamptz", "timestamp with time zone"},
};

// One in lower case. A length in parentheses does not tell overloads apart; a [] does.
std::string canonical_type(std::string_view type, std::string_view own_schema) {
  for (const std::string_view schema : {std::string_view("pg_catalog"), own_schema}) {
    if (type.starts_with(schema) && type.substr(schema.size()).starts_with('.'))
      type.remove_prefix(schema.size() + 1);
  }
  const std::size_t array = std::min(type.find('['), type.size());
  std::string bare(type.substr(0, array));
  if (const std::size_t length = bare.find('('); length != std::string::npos) {
    const std::size_t end = std::min(bare.find(')', length), bare.size() - 1);
    bare.erase(length, end + 1 - length);
  }
  while (!bare.empty() && bare.back() == ' ') bare.pop_back();
  for (const TypeAlias& known : kAliases) {
    if (bare == known.alias) bare = known.type;
  }
  return bare.append(array < type.size() ? "[]" : "");
}

// Collects the parameters of a list.
class SignatureReader {
 public:
  explicit SignatureReader(TokenCursor* cursor) : cursor_(*cursor) {}

  std::string read() {
    cursor_.advance();
    int depth = 0;
    while (!cursor_.at_end()) {
      if (cursor_.is_symbol(')') && depth == 0) break;
      if (cursor_.is_symbol('(')) ++depth;
      if (cursor_.is_symbol(')')) --depth;
      if (depth == 0 && cursor_.is_symbol(',')) {
        finish_parameter();
      } else if (depth == 0 && cursor_.is("order") && cursor_.is("by", 1)) {
        finish_parameter();  // of an ordered-set aggregate: its arguments go on
        cursor_.advance();
      } else {
        read_word();
      }
      cursor_.advance();
    }
    finish_parameter();
    cursor_.advance();
    return "(" + signature_ + ")";
  }

  std::string read_one() {
    for (int depth = 0; !cursor_.at_end(); cursor_.advance()) {
      if (depth == 0 && (cursor_.is_symbol(',') || cursor_.is_symbol(')'))) break;
      if (cursor_.is_symbol('(')) ++depth;
      if (cursor_.is_symbol(')')) --depth;
      read_word();
    }
    finish_parameter();
    return std::move(signature_);
  }

 private:
  void read_word() {
    if (cursor_.is("default") || cursor_.is_symbol('=') || cursor_.is_symbol(':')) value_ = true;
    if (value_) return;
    // A mode comes before the name or behind it; what goes out tells no overloads apart.
    if (words_.size() < 2 && cursor_.is_any({"in", "out", "inout", "variadic"})) {
      out_ = out_ || cursor_.is("out");
      return;
    }
    const Token& token = cursor_.peek();
    const bool quoted = token.kind == TokenKind::kName;
    words_.push_back(quoted ? std::string(cursor_.raw())
                            : catalogue_name(cursor_.raw(), token.kind, cursor_.dialect()));
  }

  void finish_parameter() {
    if (!words_.empty() && !out_) {
      if (!signature_.empty()) signature_ += ", ";
      signature_ += type_of(words_);
    }
    words_.clear();
    value_ = out_ = false;
  }

  TokenCursor& cursor_;
  std::string signature_;
  std::vector<std::string> words_;
  bool value_ = false;  // behind DEFAULT or '='
  bool out_ = false;
};

}  // namespace

std::string read_signature(TokenCursor* cursor) { return SignatureReader(cursor).read(); }

std::string read_type(TokenCursor* cursor) { return SignatureReader(cursor).read_one(); }

std::string canonical_signature(std::string_view signature, std::string_view own_schema) {
  if (signature.size() < 2) return std::string(signature);
  std::string canonical = "(";
  std::string type;
  int depth = 0;
  for (const char c : signature.substr(1)) {
    depth += (c == '(') - (c == ')');
    if (depth < 0 || (depth == 0 && c == ',')) {
      if (canonical.size() > 1) canonical += ", ";
      canonical += canonical_type(type, own_schema);
      type.clear();
    } else if (c != ' ' || !type.empty()) {
      type += lower(c);
    }
  }
  return canonical += ')';
}

}  // namespace engine::sql
