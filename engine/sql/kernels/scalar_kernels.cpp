// The kernels without a vector unit: what the others are compared with.
#include <algorithm>

#include "engine/sql/kernels/kernels.h"

namespace engine::sql {
namespace {

class Skimmer {
 public:
  Skimmer(std::string_view text, const SkimRules& rules) : text_(text), rules_(rules) {}

  std::size_t skim(std::size_t from, int* depth) const {
    for (std::size_t i = from; (i = rules_.marks.find(text_, i)) < text_.size(); ++i) {
      const char c = text_[i];
      if (c == '\'' || (c == rules_.name_open && c != '\0')) {
        const std::size_t end = c == '\'' ? quote_end(i) : name_end(i);
        if (touches_prefix(i) || end >= text_.size() + 1) return i;
        if (end < text_.size() && rules_.is_wordish(text_[end])) return i;
        i = end - 1;
      } else if (stops_at(i)) {
        return i;
      } else if (rules_.parentheses && c == '(') {
        ++*depth;
      } else if (rules_.parentheses && c == ')') {
        *depth = std::max(0, *depth - 1);
      } else if (rules_.has_line_heads() && rules_.is_line_end(c)) {
        const std::size_t head = skip_blanks(i + 1);
        if (head < text_.size() && rules_.is_line_head(text_[head])) return head;
      }
    }
    return text_.size();
  }

 private:
  bool stops_at(std::size_t i) const {
    if (rules_.is_stop(text_[i])) return true;
    if (text_[i] == rules_.name_close && text_[i] != '\0') return true;
    return rules_.is_comment_byte(text_[i]) && i + 1 < text_.size() &&
           rules_.is_comment_byte(text_[i + 1]);
  }

  bool touches_prefix(std::size_t open) const {
    if (open == 0 || !rules_.is_wordish(text_[open - 1])) return false;
    return rules_.letter_prefixes || (open > 1 && rules_.is_wordish(text_[open - 2]));
  }

  // Behind the closing quote; beyond the end of the text where there is none.
  std::size_t quote_end(std::size_t open) const {
    for (std::size_t i = open + 1; i < text_.size(); ++i) {
      if (rules_.backslash && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '\'') {
        if (i + 1 >= text_.size() || text_[i + 1] != '\'') return i + 1;
        ++i;
      }
    }
    return text_.size() + 1;
  }

  // Likewise; a name that has anything in it to think about counts as open.
  std::size_t name_end(std::size_t open) const {
    for (std::size_t i = open + 1; i < text_.size(); ++i) {
      const char c = text_[i];
      if (c == rules_.name_close) {
        const bool doubled =
            c == rules_.name_open && i + 1 < text_.size() && text_[i + 1] == rules_.name_close;
        if (!doubled) return i + 1;
        ++i;
      } else if (c == '\'' || c == rules_.name_open || rules_.is_stop(c)) {
        break;
      }
    }
    return text_.size() + 1;
  }

  std::size_t skip_blanks(std::size_t i) const {
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t') && !rules_.is_stop(text_[i])) {
      ++i;
    }
    return i;
  }

  std::string_view text_;
  const SkimRules& rules_;
};

std::size_t skim(std::string_view text, std::size_t from, const SkimRules& rules, int* depth) {
  return Skimmer(text, rules).skim(from, depth);
}

std::uint64_t count(std::string_view text, std::size_t from, std::size_t end, char c) {
  return static_cast<std::uint64_t>(std::count(text.data() + from, text.data() + end, c));
}

Tally tally(std::string_view text, std::size_t from, std::size_t end) {
  Tally found;
  unsigned char high = 0;
  for (std::size_t i = from; i < end; ++i) {
    high |= static_cast<unsigned char>(text[i]);
    found.returns += text[i] == '\r';
    found.feeds += text[i] == '\n';
    found.pairs += text[i] == '\n' && i > 0 && text[i - 1] == '\r';
  }
  found.ascii = high < 0x80;
  return found;
}

std::size_t skim_rows(std::string_view text, std::size_t from, const SkimRules& rules, int* depth,
                      RowEnds* ends) {
  std::uint64_t line = ends->line();
  while (true) {
    const std::size_t stop = skim(text, from, rules, depth);
    if (stop == text.size() || text[stop] != ends->terminator() || *depth > 0) return stop;
    line += count(text, from, stop, '\n');
    if (!ends->add(text, stop, line)) return stop;
    from = stop + 1;
  }
}

bool begins_comment(std::string_view text, std::size_t i) {
  const std::string_view mark = text.substr(i, 2);
  return mark == "--" || mark == "/*";
}

std::size_t skim_values(std::string_view text, std::size_t from, int* depth) {
  constexpr ByteSet kMarks("'()\"[-/");
  for (std::size_t i = from; (i = kMarks.find(text, i)) < text.size(); ++i) {
    const char c = text[i];
    if (c == '\'') {
      i = text.find('\'', i + 1);
      if (i == std::string_view::npos) break;
    } else if (c == '(') {
      ++*depth;
    } else if (c == ')') {
      if (--*depth == 0) return i + 1;
    } else if (c == '"' || c == '[' || begins_comment(text, i)) {
      return i;
    }
  }
  return text.size();
}

std::size_t find_either(std::string_view text, std::size_t from, char a, char b) {
  while (from < text.size() && text[from] != a && text[from] != b) ++from;
  return from;
}

std::size_t find_pair(std::string_view text, std::size_t from, char a, char b) {
  for (; from + 1 < text.size(); ++from) {
    if (text[from] == a && text[from + 1] == b) return from;
  }
  return text.size();
}

std::size_t find_pairs(std::string_view text, std::size_t from, const BytePairs& pairs) {
  for (; from + 1 < text.size(); ++from) {
    if (pairs.may_hold(text[from], text[from + 1])) return from;
  }
  return text.size();
}

}  // namespace

const Kernels kScalarKernels = {"scalar",  skim,       skim_rows, skim_values, find_either,
                                find_pair, find_pairs, count,     tally};

}  // namespace engine::sql
