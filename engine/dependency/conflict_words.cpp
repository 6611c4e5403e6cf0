#include "engine/dependency/conflict_words.h"

#include <algorithm>
#include <initializer_list>

#include "engine/sql/byte_set.h"
#include "engine/sql/word.h"

namespace engine::dependency {
namespace {

// What the words begin with.
constexpr MarkSet kWords = {{"conflict", 2}, {"duplicat", 1}};
constexpr std::size_t kShortest = 8;

// REPLACE, MERGE, INSERT [LOW_PRIORITY] IGNORE, INSERT OR REPLACE.
constexpr std::initializer_list<sql::Word> kOpenings = {"replace", "ignore", "or", "merge"};

// The words with which a statement begins, up to INTO.
struct Opening {
  bool has_wanted = false;  // one of those asked for is among them
  std::string_view plain;   // else, all up to INTO; empty where that does not come
};

Opening opening_of(std::string_view text, std::initializer_list<sql::Word> wanted) {
  constexpr std::size_t kHead = 64, kMostWords = 4;
  text = text.substr(0, kHead);
  std::size_t at = 0;
  for (std::size_t i = 0; i < kMostWords; ++i) {
    while (at < text.size() && !sql::kWordBytes.contains(text[at])) ++at;
    const std::size_t begin = at;
    while (at < text.size() && sql::kWordBytes.contains(text[at])) ++at;
    const sql::Word word = sql::Word::of(text.substr(begin, at - begin));
    if (std::find(wanted.begin(), wanted.end(), word) != wanted.end()) return {true, {}};
    if (word.empty()) return {};
    if (word == "into") return {false, text.substr(0, at + 1)};
  }
  return {};
}

}  // namespace

ConflictWords::ConflictWords(std::string_view text) : text_(text), words_(text, kWords) {}

bool ConflictWords::rest_on_keys(std::size_t begin, std::size_t end) {
  constexpr std::size_t kTail = 2048;  // what is longer has its rows before
  const std::string_view all = text_.substr(begin, end - begin);
  if (plain_opening_.empty() || !all.starts_with(plain_opening_)) {
    const Opening opening = opening_of(all, kOpenings);
    if (opening.has_wanted) return true;
    plain_opening_ = opening.plain;
  }
  return find_word(std::max(begin, end - std::min(end, kTail)), end) < end;
}

ConflictWords::OfAll ConflictWords::of_all(std::string_view head, std::size_t begin,
                                           std::size_t end) {
  const Opening opening = opening_of(head, kOpenings);
  if (opening.has_wanted) return {true, end};
  if (opening.plain.empty()) return {false, begin};
  return {false, find_word(begin, end)};
}

// Where the first one begins that text[begin, end) holds; else `end`.
std::size_t ConflictWords::find_word(std::size_t begin, std::size_t end) {
  if (end - begin < kShortest) return end;
  const std::size_t last = end - kShortest;
  const std::size_t at = words_.find(begin, last + 1);
  return at <= last ? at : end;
}

bool replaces(std::string_view statement) { return opening_of(statement, {"replace"}).has_wanted; }

}  // namespace engine::dependency
