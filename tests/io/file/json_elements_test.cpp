#include "io/file/json_elements.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace engine::io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Read {
  bool whole = false;
  std::vector<std::string> elements;
  std::string rest;
  std::string error;
};

Read read(std::string_view text) {
  Read read;
  JsonElements reader(
      "many", [&](const nlohmann::json& element) { read.elements.push_back(element.dump()); });
  read.whole = reader.parse(text);
  read.rest = reader.document().dump();
  read.error = reader.error();
  return read;
}

TEST(JsonElements, AreHandedOverAndTheRestIsKept) {
  const Read all =
      read(R"({"a":[1,{"many":[2]}],"many":[{"many":[3,[]],"b":{}},[4,[5]],"six",null,)"
           R"(-7,8.5],"c":true})");
  EXPECT_TRUE(all.whole) << all.error;
  EXPECT_THAT(all.elements,
              ElementsAre(R"({"b":{},"many":[3,[]]})", "[4,[5]]", R"("six")", "null", "-7", "8.5"));
  EXPECT_EQ(all.rest, R"({"a":[1,{"many":[2]}],"c":true,"many":[]})");
}

TEST(JsonElements, WhatIsNoArrayIsKept) {
  EXPECT_EQ(read(R"({"many":{"many":[1]}})").rest, R"({"many":{"many":[1]}})");
  EXPECT_EQ(read(R"([{"many":[1]}])").rest, R"([{"many":[1]}])");
  EXPECT_EQ(read("7").rest, "7");
  EXPECT_THAT(read(R"({"many":{"many":[1]}})").elements, IsEmpty());
}

TEST(JsonElements, WhatIsNoJsonIsSaid) {
  for (const std::string_view text :
       {"", "{", R"({"many":[1)", R"({"many":[1]}})", "{\"a\":\"\xff\"}"}) {
    const Read all = read(text);
    EXPECT_FALSE(all.whole) << text;
    EXPECT_THAT(all.error, HasSubstr("parse error")) << text;
  }
}

}  // namespace
}  // namespace engine::io
