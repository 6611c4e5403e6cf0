#include "engine/run/text_pass.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory_resource>
#include <new>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "engine/file_source.h"
#include "engine/run/part_batch.h"
#include "engine/sql/detect_dialect.h"
#include "tests/support/pool_team.h"

namespace engine::run {
namespace {

using test::by_a_team;

struct Script {
  Dialect dialect;
  std::string text;
};

// Many batches of parts each; rows in turn, definitions that refer to others between, some of them
// in one batch of T-SQL, a quote that is never closed.
std::vector<Script> scripts() {
  std::vector<Script> all{{Dialect::kMysql, ""}, {Dialect::kPostgresql, ""}, {Dialect::kTsql, ""}};
  for (Script& script : all) {
    std::string& text = script.text;
    const bool batches = script.dialect == Dialect::kTsql;
    for (int table = 0; table < 12; ++table) {
      const std::string name = "t" + std::to_string(table);
      const std::string go = batches ? "GO\n" : "";
      text += "CREATE TABLE " + name + " (a int, b varchar(90));\n" + go;
      text += "CREATE VIEW v" + name + " AS SELECT a FROM " + name + " JOIN u" + name + ";\n" + go;
      for (int alter = 0; alter < (table == 5 ? 400 : 40); ++alter) {  // once a long batch of them
        text += "ALTER TABLE " + name + " ADD CONSTRAINT k" + std::to_string(alter) +
                " FOREIGN KEY (a)\n REFERENCES p" + std::to_string(alter) + " (a);\n";
      }
      text += go;
      for (int row = 0; row < 500; ++row) {
        text += "INSERT INTO " + name + " VALUES (" + std::to_string(row) + ", 'it''s; one');\n";
        if (batches && row % 100 == 99) text += "GO\n";
      }
      if (table % 4 == 3) {  // for the owner of the job alone
        text += "CREATE VIEW long" + name + " AS SELECT '" + std::string(100'000, 'x') +
                "' AS x FROM " + name + ";\n" + go;
      }
      if (table == 7) text += "SELECT 'never closed;\n\n";
    }
    text.append(kReadablePadding, '\n');
  }
  return all;
}

std::string shown(const organize::Drafts& drafts) {
  std::string all;
  for (const organize::Draft& draft : drafts) {
    all += "\n" + draft.own.name + ":" + std::to_string(draft.units);
    for (const organize::DraftReference& one : draft.references) {
      all += ' ' + std::to_string(one.object) + '>' + one.reference.name + '@' +
             std::to_string(one.reference.line);
    }
    for (const organize::Piece& piece : draft.pieces) {
      all += ' ' + std::to_string(piece.offset) + '+' + std::to_string(piece.length) + '@' +
             std::to_string(piece.line) + '-' + std::to_string(piece.end_line);
    }
  }
  return all;
}

std::string shown(const dependency::NeedGraph& needs) {
  std::string all;
  for (const dependency::NeedGraph::Need& need : needs.needs()) {
    all += std::to_string(need.first) + '<' + std::to_string(need.then) + '/' +
           std::to_string(need.named) + (needs.is_told(need) ? "! " : " ");
  }
  return all;
}

// All that a pass finds, in one text.
std::string found_by(const Script& script, Team* team) {
  const std::string_view text = script.text;
  source::Survey survey(text, 0, text, true);
  TextPass pass(text, script.dialect, 32 << 10, &survey);
  if (pass.run(team) != Passed::kWhole) return "failed";
  std::string all = survey.hash() + ' ' + std::string(survey.line_ends());
  all += shown(pass.take_drafts());
  for (const Warning& warning : pass.warnings()) all += "\n" + warning.message;
  return all + "\n" + std::to_string(pass.units()) + ' ' +
         std::to_string(pass.unclassified_units());
}

void organize_each(std::string_view text, Dialect dialect, organize::Organizer* organizer) {
  sql::Splitter splitter(text, dialect);
  sql::Classifier classifier(text, dialect);
  for (sql::SplitPart part; splitter.next(&part);) {
    if (part.kind == PartKind::kGap) {
      organizer->add_gap(part);
    } else {
      organizer->add(part, classifier.classify(part));
      while (classifier.has_more()) organizer->add(part, classifier.classify_more());
    }
  }
}

TEST(TextPass, FindsTheSameWhoeverRunsItsLanes) {
  for (const Script& script : scripts()) {
    const std::string alone = found_by(script, nullptr);
    EXPECT_NE(alone.find("never closed"), std::string::npos);
    EXPECT_NE(alone.find(">p39@"), std::string::npos);
    for (const unsigned workers : {0u, 1u, 2u, 3u, 8u}) {
      by_a_team(workers, [&](Team& team) {
        for (int round = 0; round < 2; ++round) ASSERT_EQ(found_by(script, &team), alone);
      });
    }
  }
}

TEST(TextPass, FindsTheSameInRealScriptsWhoeverRunsItsLanes) {
  const char* corpus = std::getenv("ENGINE_CORPUS");
  if (corpus == nullptr) GTEST_SKIP() << "ENGINE_CORPUS does not name the sample databases";
  constexpr std::uintmax_t kMost = 48 << 10;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.path().extension() != ".sql" || entry.file_size() > kMost) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    text.append(kReadablePadding, '\n');
    const Script script{sql::detect_dialect(text).dialect, text};
    const std::string alone = found_by(script, nullptr);
    by_a_team(2, [&](Team& team) { EXPECT_EQ(found_by(script, &team), alone) << entry.path(); });
  }
}

// Rows whose words change now and again, and what lies among them: what asks each row by itself.
std::string random_rows(std::mt19937& random) {
  constexpr std::string_view kHeads[] = {"INSERT INTO a VALUES (",
                                         "INSERT INTO a (b, c) VALUES (",
                                         "INSERT INTO d VALUES(",
                                         "INSERT IGNORE INTO a VALUES (",
                                         "REPLACE INTO a VALUES (",
                                         "INSERT a VALUES (",
                                         "INSERT INTO \"a\" VALUES (",
                                         "INSERT INTO `a` VALUES (",
                                         "INSERT INTO s.a VALUES (",
                                         "INSERT INTO a (a) VALUES ('",
                                         "INSERT INTO sqlite_sequence VALUES ("};
  constexpr std::string_view kValues[] = {"1",
                                          "'next'",
                                          "nextval('q')",
                                          "f(1)",
                                          "last_insert_id()",
                                          "'conflict'",
                                          "'a\nb'",
                                          "NULL",
                                          "(SELECT max(b) FROM d)",
                                          "random()",
                                          "'rebuild'",
                                          "@a := 1",
                                          "CURRVAL('q')"};
  constexpr std::string_view kTails[] = {" ON CONFLICT DO NOTHING",
                                         " ON DUPLICATE KEY UPDATE b = 1", " RETURNING b"};
  constexpr std::string_view kBetween[] = {
      "COMMIT;\n",
      "BEGIN;\n",
      "ROLLBACK;\n",
      "-- then\n",
      "\n",
      "CREATE FUNCTION f(i int) RETURNS "
      "int LANGUAGE sql AS $$ SELECT 1 $$;\n",
      "CREATE TABLE a (b int, c int);\n",
      "CREATE TABLE d (b int REFERENCES a (b) ON DELETE CASCADE);\n",
      "INSERT INTO a SELECT 1;\n",
      "CREATE SEQUENCE q;\n",
      "DELETE FROM a;\n",
      "DELIMITER ;\n",
      "\\if 1\n",
      "\\endif\n",
      "CREATE TRIGGER g AFTER INSERT ON a FOR EACH ROW INSERT INTO d VALUES (1);\n",
      "LOCK TABLES a WRITE;\n",
      "SET NAMES utf8;\n"};
  const auto one_of = [&](const auto& all) { return std::string(all[random() % std::size(all)]); };
  std::string text, head = one_of(kHeads);
  const auto rarity = 1 + random() % 200;
  for (auto count = random() % 1500; count > 0; --count) {
    if (random() % rarity == 0) head = one_of(kHeads);
    if (random() % rarity == 0) text += one_of(kBetween);
    text += head + std::to_string(count);
    if (head.back() == '\'') text += '\'';
    text += random() % rarity == 0 ? ", " + one_of(kValues) : ", 'x'";
    text += ')';
    if (random() % rarity == 0) text += one_of(kTails);
    text += random() % 400 == 0 ? ";\r\n" : ";\n";
  }
  return text + std::string(kReadablePadding, '\n');
}

TEST(TextPass, RowsThatTravelTogetherAreOrganisedAsEachByItself) {
  std::mt19937 random(20261129);
  for (int round = 0; round < 10; ++round) {
    const std::string text = random_rows(random);
    for (const Dialect dialect : {Dialect::kMysql, Dialect::kPostgresql, Dialect::kSqlite,
                                  Dialect::kOracle, Dialect::kGeneric}) {
      for (const std::uint64_t segment_size : {std::uint64_t{4} << 10, organize::kNoLimit}) {
        source::Survey survey(text, 0, text, true);
        TextPass pass(text, dialect, segment_size, &survey);
        ASSERT_EQ(pass.run(nullptr), Passed::kWhole);
        organize::Organizer organizer(text, dialect, segment_size);
        organize_each(text, dialect, &organizer);
        ASSERT_EQ(shown(pass.take_drafts()), shown(organizer.finish()))
            << dialect_name(dialect) << "\n"
            << text;
        ASSERT_EQ(shown(pass.take_needs()), shown(organizer.take_needs())) << text;
        ASSERT_EQ(pass.units(), organizer.units());
        ASSERT_EQ(pass.unclassified_units(), organizer.unclassified_units());
      }
    }
  }
}

// Its lines are counted where it is read, and told to who cuts it.
TEST(TextPass, EachSegmentOfALongCopyHasItsLine) {
  std::string text = "SELECT 1;\nCOPY t FROM stdin;\n";
  for (std::size_t row = 0; text.size() < std::size_t{3} << 20; ++row) {
    text += std::to_string(row) + "\t" + std::string(row % 90, 'x') + "\n";
  }
  text += "\\.\nSELECT 2;\nCOPY u FROM stdin;\n1\n\\.\n";
  for (const std::uint64_t segment_size : {100'000u, 1'500'000u}) {
    source::Survey survey(text, 0, text, true);
    TextPass pass(text, Dialect::kPostgresql, segment_size, &survey);
    ASSERT_EQ(pass.run(nullptr), Passed::kWhole);
    std::size_t segments = 0;
    for (const organize::Draft& draft : pass.take_drafts()) {
      if (draft.kind == organize::OutputKind::kSegment) ++segments;
      for (const organize::Piece& piece : draft.pieces) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(piece.offset);
        EXPECT_EQ(piece.line, static_cast<std::uint64_t>(1 + std::count(text.begin(), end, '\n')))
            << piece.offset;
      }
    }
    EXPECT_GT(segments, 2u);
  }
}

// Nothing that is kept of one grows with it but the list of pieces.
TEST(TextPass, ALongBatchIsOneUnitThatComesInStretches) {
  std::string text = "PRINT 'begin'\nGO\n";
  constexpr std::size_t kRows = 20'000;
  for (std::size_t row = 0; row < kRows; ++row) {
    text += std::string("INSERT ") + (row % 2 == 0 ? "t" : "u") + " VALUES (1)\n";
  }
  text += "CREATE VIEW v AS SELECT 1 AS a\nGO\nDROP TABLE w\nGO\n";
  text.append(kReadablePadding, '\n');
  sql::Splitter splitter(text, Dialect::kTsql);
  sql::Classifier classifier(text, Dialect::kTsql);
  std::size_t batches = 0;
  for (PartBatch batch; batch.fill(&splitter, &classifier); ++batches) {
    EXPECT_LT(batch.statements(), 2000u);
  }
  EXPECT_GT(batches, 20u);

  source::Survey survey(text, 0, text, true);
  TextPass pass(text, Dialect::kTsql, organize::kNoLimit, &survey);
  ASSERT_EQ(pass.run(nullptr), Passed::kWhole);
  EXPECT_EQ(pass.units(), 3u);
  const organize::Drafts drafts = pass.take_drafts();
  ASSERT_EQ(drafts.size(), 5u);
  EXPECT_EQ(drafts[1].pieces.size(), kRows / 2);
  EXPECT_EQ(drafts[1].pieces.back().line, kRows + 1);
  EXPECT_EQ(drafts[2].pieces.size(), kRows / 2);
  EXPECT_EQ(drafts[2].units, 1u);
}

TEST(TextPass, EndsWhereItIsGivenUp) {
  const Script script = scripts().front();
  std::stop_source given_up;
  given_up.request_stop();
  const auto units = [&](Team* team) {
    source::Survey survey(script.text, 0, script.text, true);
    TextPass pass(script.text, script.dialect, 32 << 10, &survey, {}, given_up.get_token());
    EXPECT_EQ(pass.run(team), Passed::kGivenUp);
    return pass.units();
  };
  EXPECT_LT(units(nullptr), 1000u);
  for (const unsigned workers : {1u, 2u, 8u}) {
    by_a_team(workers, [&](Team& team) { EXPECT_LT(units(&team), 1000u); });
  }
}

TEST(TextPass, EndsWhereTheSurveyFails) {
  Script script = scripts().front();
  script.text[script.text.size() / 2] = '\xff';
  EXPECT_EQ(found_by(script, nullptr), "failed");
  for (const unsigned workers : {1u, 2u, 8u}) {
    by_a_team(workers, [&](Team& team) {
      for (int round = 0; round < 2; ++round) ASSERT_EQ(found_by(script, &team), "failed");
    });
  }
}

TEST(TextPass, IsOfNoUseWhereItsPremiseDoesNotHold) {
  const Script script = scripts().front();
  const auto run = [&](Team* team, bool holds) {
    source::Survey survey(script.text, 0, script.text, true);
    std::atomic<int> asked = 0;
    TextPass pass(script.text, script.dialect, 32 << 10, &survey,
                  [&] { return ++asked == 1 && holds; });
    EXPECT_EQ(pass.run(team), holds ? Passed::kWhole : Passed::kFailedPremise);
    EXPECT_EQ(asked, 1);
    return pass.units();
  };
  source::Survey survey(script.text, 0, script.text, true);
  TextPass without(script.text, script.dialect, 32 << 10, &survey);
  ASSERT_EQ(without.run(nullptr), Passed::kWhole);
  EXPECT_EQ(run(nullptr, true), without.units());
  run(nullptr, false);
  for (const unsigned workers : {1u, 2u, 8u}) {
    by_a_team(workers, [&](Team& team) {
      for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(run(&team, true), without.units());
        run(&team, false);
      }
    });
  }
}

// At any moment: also while all but one sleep, and that one has just looked.
TEST(TextPass, NobodySleepsOnWhenItIsGivenUpMeanwhile) {
  const Script script = scripts().front();
  by_a_team(3, [&](Team& team) {
    for (int round = 0; round < 100; ++round) {
      source::Survey survey(script.text, 0, script.text, true);
      std::stop_source given_up;
      TextPass pass(script.text, script.dialect, 32 << 10, &survey, {}, given_up.get_token());
      std::thread stopper([&] {
        std::this_thread::sleep_for(std::chrono::microseconds(7 * round));
        given_up.request_stop();
      });
      pass.run(&team);  // to an end
      stopper.join();
    }
  });
}

// It may sleep by then: the helpers have done all the rest, and this is nothing for them.
TEST(TextPass, TheOwnerWakesUpForALongStatementAtTheEnd) {
  Script script{Dialect::kPostgresql, ""};
  const std::string long_view = "CREATE VIEW v AS SELECT '" + std::string(80'000, 'x') + "'";
  for (int round = 0; round < 12; ++round) {
    script.text.clear();
    for (int i = 0; i < 300 + 80 * round; ++i) {
      script.text += "CREATE VIEW v" + std::to_string(i) + " AS SELECT a, b FROM t JOIN u;\n";
    }
    script.text += long_view + " FROM t;\n" + std::string(kReadablePadding, '\n');
    for (const unsigned workers : {2u, 3u}) {
      by_a_team(workers, [&](Team& team) {
        source::Survey survey(script.text, 0, script.text, true);
        TextPass pass(script.text, script.dialect, 32 << 10, &survey);
        EXPECT_EQ(pass.run(&team), Passed::kWhole);
        EXPECT_EQ(pass.units(), 301u + 80u * static_cast<unsigned>(round));
      });
    }
  }
}

// Gives so many places, and then no more.
class ShortMemory final : public std::pmr::memory_resource {
 public:
  explicit ShortMemory(int places) : places_(places) {}

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (places_.fetch_sub(1) <= 0) throw std::bad_alloc();
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }
  void do_deallocate(void* place, std::size_t size, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(place, size, alignment);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::atomic<int> places_;
};

// Whoever waits for what the lane would have done goes home.
TEST(TextPass, ALaneThatThrowsEndsThemAll) {
  const Script script = scripts().front();
  for (const unsigned workers : {1u, 2u, 3u}) {
    by_a_team(workers, [&](Team& team) {
      for (int round = 0; round < 40; ++round) {
        ShortMemory memory(100 + 50 * round);
        source::Survey survey(script.text, 0, script.text, true);
        TextPass pass(script.text, script.dialect, 32 << 10, &survey, {}, {}, &memory);
        EXPECT_THROW(pass.run(&team), std::bad_alloc) << workers << ' ' << round;
      }
    });
  }
}

TEST(TextPass, AnEmptyTextIsDone) {
  by_a_team(2, [](Team& team) {
    EXPECT_EQ(found_by({Dialect::kMysql, ""}, &team), found_by({Dialect::kMysql, ""}, nullptr));
  });
}

}  // namespace
}  // namespace engine::run
