// Legacy encodings: told from the bytes, turned into UTF-8, and back to the same bytes.
#include "engine/source/legacy_text.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "engine/source/detect_encoding.h"
#include "engine/source/source_text.h"

namespace engine::source {
namespace {

std::string encode(std::string_view utf8, Encoding encoding) {
  std::string bytes;
  EXPECT_TRUE(Encoder(encoding).add(utf8, bytes)) << utf8;
  return bytes;
}

struct Decoded {
  std::string text, encoding, evidence;
  bool warned = false;
};

Decoded decoded(std::string_view bytes, Encoding named = Encoding::kAuto) {
  std::string memory;
  const auto room = [&](std::size_t size) -> Result<std::span<char>> {
    memory.resize(size);
    return std::span<char>(memory);
  };
  const DecodedText text = *decode(bytes, named, room);
  return {std::string(text.text), text.encoding.name(), text.encoding.evidence,
          text.warning.has_value()};
}

struct Sample {
  std::string_view utf8;
  Encoding encoding;
};

// Snippets as they stand in scripts, of a few words.
constexpr Sample kSamples[] = {
    {"INSERT INTO t VALUES ('表'); -- x\nSELECT 1;\n", Encoding::kCp932},
    {"INSERT INTO t VALUES ('ソース','能力','予約');\nSELECT 1;\n", Encoding::kCp932},
    {"-- 顧客テーブルの定義\nCREATE TABLE 顧客 (番号 int, 名前 varchar(20));\n", Encoding::kCp932},
    {"CREATE TABLE `予約表` (`申込` int) ENGINE=InnoDB;\n", Encoding::kCp932},
    {"INSERT INTO t VALUES (1,'ﾔﾏﾀﾞ 表')\nGO\n", Encoding::kCp932},
    {"INSERT INTO t VALUES ('ｱｲｳｴｵ','ﾔﾏﾓﾄ','ﾀﾅｶ');\nINSERT INTO t VALUES ('ｿﾌﾄ 表');\n",
     Encoding::kCp932},
    {"-- 顧客テーブルの定義\nCREATE TABLE 顧客 (番号 int, 名前 varchar(20));\n", Encoding::kEucJp},
    {"-- 用户表\nCREATE TABLE u (name varchar(20) COMMENT '用户姓名');\n", Encoding::kGb18030},
    {"INSERT INTO t VALUES ('誠心誠意許功');\n", Encoding::kGb18030},
    {"INSERT INTO t VALUES ('誠心'); INSERT INTO t VALUES ('中国');\n", Encoding::kGb18030},
    {"-- 使用者資料表\nCREATE TABLE t (i int COMMENT '許可證號碼');\n", Encoding::kBig5},
    {"INSERT INTO t VALUES ('許功蓋');\n", Encoding::kBig5},
    {"-- 고객 테이블 정의\nCREATE TABLE 고객 (번호 int, 이름 varchar(20));\n", Encoding::kCp949},
    {"-- Größe für Kunden\nINSERT INTO t VALUES ('Müller', 'Köln');\n", Encoding::kIso8859_1},
    {"-- Größe für Kunden\nINSERT INTO t VALUES ('Müller', '5 €');\n", Encoding::kCp1252},
    {"-- Procédure stockée\nINSERT INTO t VALUES ('déjà', 'l’année');\n", Encoding::kCp1252},
    {"INSERT INTO t VALUES ('São Paulo', 'João', 'coração');\n", Encoding::kIso8859_1},
    {"INSERT INTO t VALUES ('Москва');\n-- Таблица клиентов\n", Encoding::kCp1251},
    {"INSERT INTO t VALUES ('Москва');\n-- Таблица клиентов\n", Encoding::kKoi8R},
};

TEST(LegacyText, IsToldFromAFewWords) {
  for (const Sample& sample : kSamples) {
    const Decoded found = decoded(encode(sample.utf8, sample.encoding));
    EXPECT_EQ(found.encoding, encoding_name(sample.encoding)) << sample.utf8 << found.evidence;
    EXPECT_EQ(found.text, sample.utf8);
  }
}

TEST(LegacyText, WhatDoesNotTellIsKeptByteForByte) {
  for (const std::string_view bytes : {
           "SELECT 'caf\xe9';\n",                           // one letter
           "SELECT 'it\x92s';\n",                           // one apostrophe
           "INSERT INTO t VALUES ('\xff\xfe\x00\x01');\n",  // broken
           "INSERT INTO t VALUES ('\xe2\x82\xac \xe4\xbd\xa0', '\xff\xd8\xff\xe0');\n",  // a
                                                                                         // picture
           "SELECT '\xb0\xa1';\n",
           "VALUES ('\xddstanbul', 'A\xf0r\xfd', '\xde"
           "anl\xfdurfa');\n",  // Turkish? Icelandic?
       }) {
    const Decoded found = decoded(bytes);
    EXPECT_EQ(found.encoding, "8bit") << found.evidence;
    EXPECT_EQ(found.text, bytes);
  }
}

TEST(LegacyText, BinaryDataInUtf8IsNoLegacyText) {
  std::mt19937 random(7);
  std::string dump = "INSERT INTO t VALUES ('caf\xc3\xa9', '\xe4\xbd\xa0\xe5\xa5\xbd'),\n";
  for (int row = 0; row < 200; ++row) {
    dump += "(_binary '";
    for (int i = 0; i < 50; ++i) {
      const char c = static_cast<char>(random() & 0xff);
      if (c == '\'' || c == '\\' || c == '\0' || c == '\n' || c == '\r') dump += '\\';
      dump += c;
    }
    dump += "'),\n";
  }
  EXPECT_EQ(decoded(dump).encoding, "8bit");
  EXPECT_EQ(decoded(dump).text, dump);
}

TEST(LegacyText, TheUsersWordGoesBeforeTheBytes) {
  EXPECT_EQ(decoded("SELECT 'caf\xe9';", Encoding::kCp1252).text, "SELECT 'café';");
  EXPECT_EQ(decoded("SELECT 'caf\xe9';", Encoding::kCp437).text, "SELECT 'cafΘ';");
  EXPECT_EQ(decoded("SELECT 'a';", Encoding::kCp932).encoding, "utf-8");
  EXPECT_EQ(decoded("\xef\xbb\xbfSELECT '\xc3\xa9';", Encoding::kCp1252).encoding, "utf-8-bom");
}

TEST(LegacyText, AWordThatDoesNotFitIsAWarningAndTheBytesStay) {
  const std::string_view bytes = "SELECT 1;\nSELECT '\x95\x5c \xfd\xff';";
  for (const Encoding named : {Encoding::kCp932, Encoding::kUtf8}) {
    const Decoded found = decoded(bytes, named);
    EXPECT_EQ(found.encoding, "8bit");
    EXPECT_EQ(found.text, bytes);
    EXPECT_TRUE(found.warned);
  }
}

// Two codes for one character: the other one would come back.
TEST(LegacyText, WhatWouldComeBackAsOtherBytesIsNotDecoded) {
  const std::string_view bytes = "-- \x82\xa0\x82\xa2\x82\xa4 \xed\x40\n";
  EXPECT_EQ(decoded(bytes).encoding, "8bit");
  EXPECT_EQ(decoded(bytes).text, bytes);
}

// Whatever is decoded comes back, and positions of the text lead to the source.
TEST(LegacyText, RandomBytesComeBackOrStay) {
  std::mt19937 random(11);
  for (int round = 0; round < 3000; ++round) {
    const auto encoding =
        static_cast<Encoding>(static_cast<unsigned>(Encoding::kCp1250) +
                              random() % (static_cast<unsigned>(Encoding::kCp949) -
                                          static_cast<unsigned>(Encoding::kCp1250) + 1));
    std::string bytes;
    for (auto n = random() % 30; n > 0; --n) {
      bytes += static_cast<char>(random() % 3 != 0 ? random() % 0x60 + 0x20 : random() % 256);
    }
    const Decoded found = decoded(bytes, encoding);
    if (found.encoding == "8bit") {
      EXPECT_EQ(found.text, bytes);
      continue;
    }
    const EncodingGuess guess = named_encoding(bytes, encoding);
    std::string back;
    ASSERT_TRUE(Encoder(guess.encoding).add(found.text, back));
    ASSERT_EQ(back, bytes) << encoding_name(encoding);
    SourceOffsets offsets(found.text, guess);
    for (std::size_t at = 0; at < found.text.size(); ++at) {
      if ((static_cast<unsigned char>(found.text[at]) & 0xc0) == 0x80) continue;
      back.clear();
      ASSERT_TRUE(Encoder(guess.encoding).add(std::string_view(found.text).substr(0, at), back));
      ASSERT_EQ(offsets.at(at), back.size());
    }
  }
}

TEST(LegacyText, LongRunsWithoutAsciiAreDecodedInPieces) {
  std::string text = "-- ";
  for (int i = 0; i < 5000; ++i) text += "日本語ソ";
  const std::string bytes = encode(text, Encoding::kCp932);
  EXPECT_EQ(decoded(bytes).text, text);
  EXPECT_EQ(decoded(bytes).encoding, "cp932");
}

TEST(LegacyText, ALegacyWordFarDownInALongLineIsSeen) {
  std::string text = "INSERT INTO t VALUES (1";
  for (int i = 0; i < 100000; ++i) text += ", 'aa'";
  text += ", 'テーブルの定義');\n";
  EXPECT_EQ(decoded(encode(text, Encoding::kCp932)).text, text);
}

}  // namespace
}  // namespace engine::source
