#include "engine/tree/json_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace engine::tree {
namespace {

TEST(JsonWriter, WritesWhatAReaderReads) {
  std::pmr::string text;
  JsonWriter json(&text);
  json.begin_object().key("a").value("x\"\\\n\x01");
  json.key("b").begin_array().value(std::uint64_t{1}).value(true).null().end_array();
  json.new_line(2).key("c").begin_object().end_object().new_line(0).end_object();
  json.flush();
  const auto read = nlohmann::json::parse(text);
  EXPECT_EQ(read["a"], "x\"\\\n\x01");
  EXPECT_EQ(read["b"], nlohmann::json::array({1, true, nullptr}));
  EXPECT_TRUE(read["c"].empty());
}

TEST(JsonWriter, IsUtf8WhateverItIsGiven) {
  std::pmr::string text;
  JsonWriter json(&text);
  json.value(std::string_view("caf\xe9 \xe2\x82\xac \xed\xa0\x80"));
  json.flush();
  // A byte that is no character is shown as the character of its value; a surrogate is three such.
  EXPECT_TRUE(nlohmann::json::accept(text));
  EXPECT_NE(text.find("caf\\u00e9 \xe2\x82\xac"), std::string::npos);
}

// Whatever stands where one stretch of a text ends, or where the writer has gathered enough.
TEST(JsonWriter, WritesTextsOfEveryLength) {
  std::pmr::string text;
  JsonWriter json(&text);
  json.begin_array();
  std::vector<std::string> all;
  for (std::size_t size = 0; size < 300; ++size) {
    for (const char* const end : {"", "\"", "\\", "\n", "\x7f", "\xc3\xa9", "\xf0\x9f\x99\x82!"}) {
      all.push_back(std::string(size, 'x') + end);
      json.value(all.back());
    }
  }
  json.value(std::string(10'000, '\x1f')).end_array().flush();
  all.emplace_back(10'000, '\x1f');
  EXPECT_EQ(nlohmann::json::parse(text).get<std::vector<std::string>>(), all);
}

}  // namespace
}  // namespace engine::tree
