#include "engine/sql/certain_place.h"

#include <algorithm>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::sql {
namespace {

// Words that begin a statement in every dialect, and hardly ever a line of anything else.
constexpr std::string_view kResumeWords[] = {
    "alter",  "call",    "comment",  "commit", "copy", "create", "delete",  "drop",
    "exec",   "execute", "grant",    "insert", "lock", "merge",  "replace", "revoke",
    "select", "set",     "truncate", "update", "use",  "with",
};

bool begins_statement(std::string_view line, const ClientSyntax& syntax) {
  std::size_t begin = 0;
  while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
  std::size_t end = begin;
  while (end < line.size() && kWordBytes.contains(line[end])) ++end;
  if (begin > syntax.indentation || end == line.size()) return false;
  const std::string_view word = line.substr(begin, end - begin);
  return syntax.only_create ? equal_words(word, "create") : equals_any(word, kResumeWords);
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && kSpaces.contains(line.back())) line.remove_suffix(1);
  while (!line.empty() && kSpaces.contains(line.front())) line.remove_prefix(1);
  return line;
}

bool starts(std::string_view line, std::string_view lower_case) {
  return equal_words(line.substr(0, lower_case.size()), lower_case);
}

bool is_client_line(std::string_view line, Dialect dialect) {
  switch (dialect) {
    case Dialect::kMysql:
      return starts(line, "delimiter ");
    case Dialect::kOracle:
      return line == "/";
    case Dialect::kDb2:
      return starts(line, "--#set terminator");
    case Dialect::kFirebird:
      return starts(line, "set term ");
    case Dialect::kPostgresql:
      return starts(line, "\\connect ") || starts(line, "\\c ") || starts(line, "\\i ");
    default:
      return false;
  }
}

class Lines {
 public:
  Lines(std::string_view text, const ClientSyntax& syntax, std::size_t from, std::size_t limit)
      : text_(text), syntax_(syntax), line_(from), limit_(limit), closed_end_(from) {}

  std::size_t find() {
    for (bool first = true; line_ < limit_; first = false) {
      const std::size_t end = std::min(text_.find_first_of("\r\n", line_), text_.size());
      const std::string_view whole = text_.substr(line_, end - line_);
      const std::string_view line = trimmed(whole);
      std::size_t next = end;
      if (next < text_.size() && text_[next] == '\r') ++next;
      if (next < text_.size() && text_[next] == '\n') ++next;
      if (!first) {
        if (is_client_line(line, syntax_.dialect)) return line_;
        if (closed_ && begins_statement(whole, syntax_)) return closed_end_;
      }
      next = std::max(next, note(line, next));
      line_ = next;
    }
    return std::string_view::npos;
  }

 private:
  // What a line says of the next ones; where to read on, when it begins a comment.
  std::size_t note(std::string_view line, std::size_t next) {
    if (line.empty() || line.substr(0, 2) == "--" || line.front() == '#') return next;
    if (closed_ && comments_close_ && line.substr(0, 2) == "/*") {
      const auto begin = static_cast<std::size_t>(line.data() - text_.data());
      const std::size_t close = text_.substr(0, limit_).find("*/", begin + 2);
      comments_close_ = close != std::string_view::npos;
      if (comments_close_) return std::min(text_.find('\n', close), text_.size() - 1) + 1;
    }
    if (const std::size_t comment = line.rfind("--"); comment != std::string_view::npos) {
      line = trimmed(line.substr(0, comment));
    }
    closed_ = !syntax_.terminator.empty() && line.ends_with(syntax_.terminator);
    if (closed_) closed_end_ = next;
    return next;
  }

  std::string_view text_;
  const ClientSyntax& syntax_;
  std::size_t line_;
  std::size_t limit_;
  bool closed_ = false;  // the last line of text
  bool comments_close_ = true;
  std::size_t closed_end_;
};

}  // namespace

std::size_t next_certain_place(std::string_view text, const ClientSyntax& syntax, std::size_t from,
                               std::size_t limit) {
  return Lines(text, syntax, from, std::min(limit, text.size())).find();
}

}  // namespace engine::sql
