// What a script's names stand for: entries, and which of them a name without a schema means.
#include "engine/dependency/name_book.h"

#include <gmock/gmock.h>

namespace engine::dependency {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto kRelation = NameKind::kRelation;

class NameBookTest : public ::testing::Test {
 protected:
  std::size_t add(const std::optional<std::string>& schema, std::string_view name) {
    const std::size_t at = book_.entry(kRelation, schema, name);
    book_[at].made = true;
    return at;
  }
  std::size_t find(const std::optional<std::string>& schema, std::string_view name,
                   const std::optional<std::string>& own = {}) const {
    return book_.find(kRelation, schema, name, own);
  }

  NameBook book_{/*ignores_case=*/false, "public"};
};

TEST_F(NameBookTest, TheDefaultSchemaAndNoneAreOne) {
  const std::size_t t = add("public", "t");
  EXPECT_EQ(add({}, "t"), t);
  EXPECT_EQ(find({}, "t"), t);
  EXPECT_EQ(find("public", "t", "s"), t);
  EXPECT_NE(book_.entry(NameKind::kRoutine, {}, "t"), t) << "a routine is another thing";
}

TEST_F(NameBookTest, LetterCaseIsIgnoredWhereItIsSaid) {
  add({}, "t");
  EXPECT_EQ(find({}, "T"), NameBook::kNone);
  NameBook other(/*ignores_case=*/true, "dbo");
  const std::size_t t = other.entry(kRelation, "DBO", "T");
  EXPECT_EQ(other.find(kRelation, {}, "t", {}), t);
}

TEST_F(NameBookTest, ANameWithoutASchemaIsTheStatementsOwnElseTheOnlyOne) {
  const std::size_t a = add("a", "t");
  EXPECT_EQ(find({}, "t"), a) << "there is no other";
  const std::size_t b = add("b", "t");
  EXPECT_EQ(find({}, "t", "a"), a);
  EXPECT_EQ(find({}, "t", "b"), b);
  EXPECT_EQ(find({}, "t"), NameBook::kNone) << "one of two";
  EXPECT_EQ(find("c", "t"), NameBook::kNone);
}

TEST_F(NameBookTest, OneThatIsSpelledWithoutItsSchemaMayBeMeantWithOne) {
  const std::size_t bare = add({}, "t");
  EXPECT_EQ(find("s", "t"), bare);
}

TEST_F(NameBookTest, WhatIsThereIsMeantBeforeWhatHasGone) {
  const std::size_t gone = add({}, "t"), there = add("s", "t");
  book_[gone].made = false;
  EXPECT_EQ(find({}, "t"), there);
  book_[gone].made = true;
  EXPECT_EQ(find({}, "t"), gone);
}

TEST_F(NameBookTest, AllOfANameAreFoundOfEveryKind) {
  const std::size_t bare = add({}, "t"), other = add("s", "t");
  const std::size_t routine = book_.entry(NameKind::kRoutine, "s", "t");
  EXPECT_THAT(book_.find_all({}, "t"), ElementsAre(bare, other, routine));
  EXPECT_THAT(book_.find_all("s", "t"), ElementsAre(bare, other, routine)) << "bare may be in s";
  EXPECT_THAT(book_.find_all("r", "t"), ElementsAre(bare));
  EXPECT_THAT(book_.find_routines({}, "t"), ElementsAre(routine));
  EXPECT_THAT(book_.find_all({}, "u"), IsEmpty());
}

TEST_F(NameBookTest, RowsKeysAndDefaultsOfARelationAreThreeEntries) {
  const std::size_t t = add({}, "t"), u = add({}, "u");
  const std::size_t rows = book_.of_relation(NameKind::kRows, t);
  EXPECT_EQ(book_.of_relation(NameKind::kRows, t), rows);
  EXPECT_NE(book_.of_relation(NameKind::kKeys, t), rows);
  EXPECT_NE(book_.of_relation(NameKind::kDefaults, t), book_.of_relation(NameKind::kKeys, t));
  EXPECT_NE(book_.of_relation(NameKind::kRows, u), rows);
}

// In a ring of inheritance the walk ends.
TEST_F(NameBookTest, TheLineageIsTheRelationAndWhatItInheritsFrom) {
  const std::size_t t = add({}, "t"), u = add({}, "u");
  book_[t].inherits = u;
  std::vector<std::size_t> met;
  book_.each_of_lineage(t, [&](std::size_t one) { met.push_back(one); });
  EXPECT_THAT(met, ElementsAre(t, u));
  book_[u].inherits = t;
  met.clear();
  book_.each_of_lineage(t, [&](std::size_t one) { met.push_back(one); });
  EXPECT_LT(met.size(), 100u);
}

}  // namespace
}  // namespace engine::dependency
