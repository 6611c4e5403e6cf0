#include "engine/organize/found_references.h"

#include <gtest/gtest.h>

#include <string>

#include "engine/sql/classifier.h"
#include "engine/sql/splitter.h"

namespace engine::organize {
namespace {

constexpr Dialect kDialect = Dialect::kPostgresql;

// What the one statement of a text refers to, and whether that is surely asked.
struct Asked {
  bool surely = false;
  std::size_t references = 0;
};

Asked asked(std::string text) {
  text.append(64, '\n');
  sql::Splitter splitter(text, kDialect);
  sql::Classifier classifier(text, kDialect);
  sql::SplitPart part;
  EXPECT_TRUE(splitter.next(&part));
  const auto statements = classifier.classify(part);
  EXPECT_EQ(statements.size(), 1u);
  sql::LineCursor lines(text, '\n');
  FoundReferences found;
  find_references(statements[0], text, kDialect, &lines, &found);
  return {is_surely_asked(statements[0]), found.all.size()};
}

TEST(FoundReferences, WhatIsVeryLongIsAskedOnlyWhereItDefinesSomething) {
  const std::string long_text = "'" + std::string(5 << 20, 'x') + "'";
  for (const std::string& literal : {std::string("'x'"), long_text}) {
    const bool is_short = literal.size() < 10;
    const Asked view = asked("CREATE VIEW v AS SELECT " + literal + " FROM t;");
    EXPECT_TRUE(view.surely) << is_short;
    EXPECT_EQ(view.references, 1u) << is_short;
    const Asked query = asked("SELECT " + literal + " FROM t;");
    EXPECT_EQ(query.surely, is_short);
    EXPECT_EQ(query.references, is_short ? 1u : 0u);
  }
}

}  // namespace
}  // namespace engine::organize
