#include "engine/sql/detect_dialect.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <utility>

#include "engine/sql/ascii.h"
#include "engine/sql/byte_set.h"
#include "engine/sql/clue_match.h"
#include "engine/sql/dialect_clues.h"
#include "engine/sql/plain_words.h"

namespace engine::sql {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
// One clue often repeated proves no more than a few times of it.
constexpr int kMostCounted = 3;

bool has_text(const DialectClue& clue) { return clue.where <= Where::kNamed; }

// The clues by their first bytes, so that one walk over the text looks for all of them.
struct Index {
  std::array<std::vector<std::size_t>, 256> by_first;
  explicit Index(bool comments) {
    const auto clues = dialect_clues();
    for (std::size_t i = 0; i < clues.size(); ++i) {
      if (clues[i].where == Where::kNamed) continue;
      if ((clues[i].where == Where::kComment) != comments) continue;
      for (const char c : clue_first_bytes(clues[i])) {
        by_first[static_cast<unsigned char>(c)].push_back(i);
      }
    }
  }
};

void count_clues(std::string_view text, const Index& index, std::vector<int>* counts) {
  bool in_word = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool inside = std::exchange(in_word, kWordBytes.contains(text[at]));
    if (inside && in_word) continue;  // no clue begins within a word
    for (const std::size_t i : index.by_first[static_cast<unsigned char>(text[at])]) {
      const DialectClue& clue = dialect_clues()[i];
      if ((*counts)[i] == kMostCounted) continue;
      if (has_text(clue) && text.compare(at, clue.text.size(), clue.text) != 0) continue;
      (*counts)[i] += clue_fits(text, at, clue);
    }
  }
}

// "DB Server: Db2": the first product that the comments name.
void count_named(std::string_view comments, std::vector<int>* counts) {
  std::size_t first = kNone, clue = 0;
  for (std::size_t i = 0; i < counts->size(); ++i) {
    const DialectClue& candidate = dialect_clues()[i];
    if (candidate.where != Where::kNamed) continue;
    std::size_t at = comments.find(candidate.text);
    while (at != kNone && !whole_words(comments, at, candidate.text)) {
      at = comments.find(candidate.text, at + 1);
    }
    if (at < first) {
      first = at;
      clue = i;
    }
  }
  if (first != kNone) (*counts)[clue] = 1;
}

struct Found {
  int score;
  std::string text;
};
struct Verdict {
  Dialect dialect = Dialect::kGeneric;
  int score = 0;
  std::vector<Found> found;
};

DialectGuess judge(std::string_view sample) {
  static const Index in_words(false), in_comments(true);
  std::vector<int> counts(dialect_clues().size());
  const PlainWords plain = plain_words(sample);
  count_clues(plain.words, in_words, &counts);
  count_named(plain.comments, &counts);
  count_clues(lower(sample), in_comments, &counts);

  std::array<Verdict, static_cast<std::size_t>(Dialect::kGeneric) + 1> verdicts;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const DialectClue& clue = dialect_clues()[i];
    Verdict& verdict = verdicts[static_cast<std::size_t>(clue.dialect)];
    verdict.dialect = clue.dialect;
    verdict.score += counts[i] * clue.weight;
    std::string text(clue.text.substr(0, clue.text.find('\n')));
    if (clue.where == Where::kLine) text += " line";
    if (clue.where == Where::kNamed) text += " in a comment";
    text += ": " + std::to_string(counts[i]) + (counts[i] == kMostCounted ? " or more" : "");
    verdict.found.push_back({counts[i] * clue.weight, std::move(text)});
  }
  std::stable_sort(verdicts.begin(), verdicts.end(),
                   [](const Verdict& a, const Verdict& b) { return a.score > b.score; });
  // With hardly any evidence, the rules that all have in common are the safest: those of T-SQL
  // would take the whole text for one batch.
  constexpr int kEnough = 4, kMargin = 3, kSome = 2, kSomeForBatches = 3;
  DialectGuess guess;
  if (verdicts[0].score >= (verdicts[0].dialect == Dialect::kTsql ? kSomeForBatches : kSome)) {
    guess.dialect = verdicts[0].dialect;
  }
  guess.uncertain = verdicts[0].score < kEnough || verdicts[0].score < verdicts[1].score + kMargin;
  for (Verdict& verdict : std::span(verdicts).first(2)) {
    const bool against = verdict.dialect != guess.dialect;
    if (against && !guess.uncertain) break;
    std::stable_sort(verdict.found.begin(), verdict.found.end(),
                     [](const Found& a, const Found& b) { return a.score > b.score; });
    for (Found& clue : verdict.found) {
      const std::string prefix =
          against ? "but " + std::string(dialect_name(verdict.dialect)) + ": " : "";
      guess.evidence.push_back(prefix + std::move(clue.text));
    }
  }
  return guess;
}

}  // namespace

DialectGuess detect_dialect(std::string_view text) {
  for (std::size_t size = 16 << 10;; size *= 8) {
    DialectGuess guess = judge(text.substr(0, size));
    if (!guess.uncertain || size >= text.size() || size > (4u << 20)) return guess;
  }
}

}  // namespace engine::sql
