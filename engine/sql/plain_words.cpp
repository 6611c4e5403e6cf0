#include "engine/sql/plain_words.h"

#include <algorithm>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"

namespace engine::sql {
namespace {

// What step() looks at; all else is as it stands.
constexpr ByteSet kTelling("\n\r \t-/'");

class Reader {
 public:
  Reader(std::string_view text, bool cut)
      : text_(text), cut_(cut), line_end_(std::min(text.find_first_of("\r\n"), text.size())) {
    out_.reserve(text.size());
  }

  PlainWords read() {
    while (i_ < text_.size()) step();
    return {std::move(out_), std::move(comments_)};
  }

 private:
  bool starts(std::string_view mark) const { return text_.substr(i_, mark.size()) == mark; }
  // Remembered: a line may be long, and hold many strings.
  std::size_t line_end() {
    if (line_end_ < i_) line_end_ = std::min(text_.find_first_of("\r\n", i_), text_.size());
    return line_end_;
  }
  bool at_line_start() const {
    const std::size_t size = out_.size();
    return size == 0 || out_[size - 1] == '\n' ||
           (size > 1 && out_[size - 1] == ' ' && out_[size - 2] == '\n');
  }

  void blank() {
    if (!out_.empty() && out_.back() != ' ') out_ += ' ';
  }

  void step() {
    const char c = text_[i_];
    if (c == '\n' || c == '\r') {
      if (!out_.empty() && out_.back() == ' ') out_.pop_back();
      const bool rows = ends_copy();
      if (!at_line_start()) out_ += '\n';
      line_ = out_.size();
      ++i_;
      if (rows) i_ = std::min(text_.find("\n\\.", i_ - 1), text_.size());
    } else if (c == ' ' || c == '\t') {
      blank();
      ++i_;
    } else if (starts("--") && !(at_line_start() && is_command(i_ + 2))) {
      comment(line_end());
    } else if (starts("/*") && !starts("/*!") && !starts("/*M!") && !starts("/*m!")) {
      // A pattern of a path is no comment: it is never closed.
      const std::size_t close = never_closed_ ? std::string_view::npos : text_.find("*/", i_ + 2);
      never_closed_ = close == std::string_view::npos;
      if (close == std::string_view::npos) {
        out_ += text_[i_++];
      } else {
        blank();
        comment(close + 2);
      }
    } else if (c == '\'') {
      string();
    } else {
      std::size_t end = kTelling.find(text_, i_ + 1);
      // A blank between words stays as it is.
      while (end + 1 < text_.size() && text_[end] == ' ' && !kTelling.contains(text_[end + 1])) {
        end = kTelling.find(text_, end + 2);
      }
      add_lower(end, &out_);
    }
  }

  // Are rows to follow the line that is read, up to a line "\."?
  bool ends_copy() const {
    if (out_.empty() || out_.back() != ';') return false;
    const std::string_view line = std::string_view(out_).substr(line_);
    return line.starts_with("copy ") && line.find(" from stdin") != std::string_view::npos;
  }

  void comment(std::size_t end) {
    add_lower(end, &comments_);
    comments_ += '\n';
  }

  // What stands up to `end`.
  void add_lower(std::size_t end, std::string* out) {
    append_lower(text_.substr(i_, end - i_), out);
    i_ = end;
  }

  // "--echo" and the like at a line's start are commands of MariaDB's test driver.
  bool is_command(std::size_t at) const {
    return at < text_.size() && text_[at] >= 'a' && text_[at] <= 'z';
  }

  // A string that does not end on its line is left as it stands, where it may be none.
  void string() {
    const std::size_t limit = line_end();
    out_ += '\'';
    ++i_;
    bool escaped = false;
    for (std::size_t k = i_; k < limit; ++k) {
      if (text_[k] == '\\' && k + 2 < limit && text_[k + 1] == '\'' && text_[k + 2] != ')' &&
          text_[k + 2] != ',' && text_[k + 2] != ';') {
        escaped = true;
        ++k;
      } else if (text_[k] == '\'' && text_[k + 1 < text_.size() ? k + 1 : k] == '\'' &&
                 k + 1 < limit) {
        ++k;
      } else if (text_[k] == '\'') {
        if (escaped) out_ += "\\'";
        out_ += '\'';
        i_ = k + 1;
        return;
      }
    }
    if (const std::size_t end = value_end(); end != std::string_view::npos) {
      out_ += '\'';
      i_ = end;
    }
  }

  // Behind a value that goes on over lines, as text in a row of data does: it stands where values
  // stand, between "(", "," or "=" and ",", ")" or ";". Elsewhere an odd quote may have turned
  // inside and outside round.
  std::size_t value_end() const {
    constexpr std::size_t kLongest = 64 << 10;
    constexpr ByteSet kBehind(",);:");
    if (!stands_as_value()) return std::string_view::npos;
    const std::size_t limit = std::min(text_.size(), i_ + kLongest);
    for (std::size_t k = i_; k < limit; ++k) {
      if (text_[k] == '\\') ++k;
      if (k >= limit || text_[k] != '\'') continue;
      if (k + 1 < limit && text_[k + 1] == '\'') {
        ++k;
        continue;
      }
      const std::size_t behind = kNonSpaces.find(text_, k + 1);
      const bool ends = behind < text_.size() && kBehind.contains(text_[behind]);
      return ends ? k + 1 : std::string_view::npos;
    }
    return cut_ && limit == text_.size() ? limit : std::string_view::npos;
  }

  bool stands_as_value() const {
    constexpr ByteSet kBefore("(,=|+"), kPrefixes("nNeE");
    constexpr std::string_view kWords[] = {"comment", "default", "is", "print", "select"};
    std::size_t before = i_ - 1;
    if (before > 0 && kPrefixes.contains(text_[before - 1])) --before;
    while (before > 0 && kSpaces.contains(text_[before - 1])) --before;
    if (before == 0) return false;
    std::size_t word = before;
    while (word > 0 && before - word < 8 && kWordBytes.contains(text_[word - 1])) --word;
    return kBefore.contains(text_[before - 1]) ||
           equals_any(text_.substr(word, before - word), kWords);
  }

  std::string_view text_;
  bool cut_;
  std::size_t line_ = 0;  // where the last one of out_ begins
  std::size_t i_ = 0;
  std::size_t line_end_;
  bool never_closed_ = false;
  std::string out_;
  std::string comments_;
};

}  // namespace

PlainWords plain_words(std::string_view text, bool cut) { return Reader(text, cut).read(); }

}  // namespace engine::sql
