#include "bench/dump_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>
#include <utility>

#include "bench/random.h"

namespace engine::bench {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kInsertSize = 1 << 20;  // net_buffer_length of mysqldump
constexpr std::array kWords = {"harbour"sv,      "it\\'s late"sv, "a; b"sv,          "quay"sv,
                               "two\\\\three"sv, "tide table"sv,  "-- no comment"sv, "buoy"sv};
// The same for a client that doubles a quote.
constexpr std::array kDoubledWords = {"harbour"sv,    "it''s late"sv, "a; b"sv,          "quay"sv,
                                      "two\\three"sv, "tide table"sv, "-- no comment"sv, "buoy"sv};

void add_mysql_row(int id, Random* random, std::string* text) {
  fmt::format_to(std::back_inserter(*text), "({},'{}',{}.{:02},NULL,'2024-05-17 08:{:02}:00')", id,
                 random->pick(kWords), random->below(10000), random->below(100), random->below(60));
}

void add_copy_row(int id, Random* random, std::string* text) {
  fmt::format_to(std::back_inserter(*text), "{}\t{}\t{}.{:02}\t2024-05-17 08:{:02}:00\n", id,
                 random->pick(kWords), random->below(10000), random->below(100), random->below(60));
}

void add_tsql_row(std::string_view table, int id, Random* random, std::string* text) {
  fmt::format_to(std::back_inserter(*text),
                 "INSERT [dbo].[{}] ([id], [remark], [amount], [at]) VALUES ({}, N'{}', "
                 "CAST({}.{:02} AS Decimal(10, 2)), CAST(N'2024-05-17T08:{:02}:00.000' AS "
                 "DateTime))\r\n",
                 table, id, random->pick(kDoubledWords), random->below(10000), random->below(100),
                 random->below(60));
  if (id % 100 == 0) *text += "GO\r\n";
}

// One table of a dump; `put` gets its text in stretches.
class TableText {
 public:
  TableText(DumpKind kind, int number, const std::function<void(std::string_view)>& put)
      : kind_(kind), name_(fmt::format("log{}", number)), random_(10 + number), put_(put) {}

  void write(std::uint64_t size) {
    begin();
    for (int id = 1; written_ + text_.size() < size; ++id) {
      add_row(id);
      if (text_.size() >= kInsertSize) flush();
    }
    end();
    flush();
  }

 private:
  void begin() {
    switch (kind_) {
      case DumpKind::kMysql:
      case DumpKind::kRows:
        text_ = fmt::format(
            "--\n-- Table structure for table `{0}`\n--\n\nDROP TABLE IF EXISTS `{0}`;\n"
            "CREATE TABLE `{0}` (\n  `id` int NOT NULL,\n  `remark` varchar(40) DEFAULT NULL,\n"
            "  `amount` decimal(10,2) DEFAULT NULL,\n  `extra` int DEFAULT NULL,\n"
            "  `at` datetime DEFAULT NULL,\n  PRIMARY KEY (`id`)\n"
            ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n\n--\n-- Dumping data for table `{0}`\n"
            "--\n\nLOCK TABLES `{0}` WRITE;\n/*!40000 ALTER TABLE `{0}` DISABLE KEYS */;\n",
            name_);
        break;
      case DumpKind::kPostgresql:
        text_ = fmt::format(
            "--\n-- Name: {0}; Type: TABLE; Schema: public; Owner: postgres\n--\n\n"
            "CREATE TABLE public.{0} (\n    id integer NOT NULL,\n    remark text,\n"
            "    amount numeric(10,2),\n    at timestamp without time zone\n);\n\n--\n"
            "-- Data for Name: {0}; Type: TABLE DATA; Schema: public; Owner: postgres\n--\n\n"
            "COPY public.{0} (id, remark, amount, at) FROM stdin;\n",
            name_);
        break;
      case DumpKind::kTsql:
        text_ = fmt::format(
            "/****** Object:  Table [dbo].[{0}]    Script Date: 5/17/2024 8:00:00 AM ******/\r\n"
            "SET ANSI_NULLS ON\r\nGO\r\nSET QUOTED_IDENTIFIER ON\r\nGO\r\n"
            "CREATE TABLE [dbo].[{0}](\r\n\t[id] [int] NOT NULL,\r\n"
            "\t[remark] [nvarchar](40) NULL,\r\n\t[amount] [decimal](10, 2) NULL,\r\n"
            "\t[at] [datetime] NULL\r\n) ON [PRIMARY]\r\nGO\r\n",
            name_);
        break;
    }
  }

  void add_row(int id) {
    switch (kind_) {
      case DumpKind::kMysql:
        text_ += inserted_ == 0 ? fmt::format("INSERT INTO `{}` VALUES ", name_) : ",";
        add_mysql_row(id, &random_, &text_);
        if (++inserted_ * 50 > kInsertSize) end_insert();
        break;
      case DumpKind::kRows:
        text_ += fmt::format("INSERT INTO `{}` VALUES ", name_);
        add_mysql_row(id, &random_, &text_);
        text_ += ";\n";
        break;
      case DumpKind::kPostgresql:
        add_copy_row(id, &random_, &text_);
        break;
      case DumpKind::kTsql:
        add_tsql_row(name_, id, &random_, &text_);
        break;
    }
  }

  void end_insert() {
    if (inserted_ > 0) text_ += ";\n";
    inserted_ = 0;
  }

  void end() {
    end_insert();
    switch (kind_) {
      case DumpKind::kMysql:
      case DumpKind::kRows:
        text_ +=
            fmt::format("/*!40000 ALTER TABLE `{}` ENABLE KEYS */;\nUNLOCK TABLES;\n\n", name_);
        break;
      case DumpKind::kPostgresql:
        text_ += "\\.\n\n\n";
        break;
      case DumpKind::kTsql:
        text_ += "GO\r\n";
        break;
    }
  }

  void flush() {
    written_ += text_.size();
    put_(text_);
    text_.clear();
  }

  DumpKind kind_;
  std::string name_;
  Random random_;
  const std::function<void(std::string_view)>& put_;
  std::string text_;
  std::uint64_t written_ = 0;
  std::size_t inserted_ = 0;  // rows of the INSERT at hand
};

std::string_view first_lines(DumpKind kind) {
  switch (kind) {
    case DumpKind::kMysql:
    case DumpKind::kRows:
      return "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n"
             "-- Host: localhost    Database: bench\n"
             "-- ------------------------------------------------------\n\n"
             "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;\n"
             "/*!50503 SET NAMES utf8mb4 */;\n\n";
    case DumpKind::kPostgresql:
      return "--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\n"
             "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\n";
    case DumpKind::kTsql:
      return "USE [bench]\r\nGO\r\n";
  }
  return {};
}

}  // namespace

std::string mysqldump_inserts(std::size_t size) {
  Random random(2);
  std::string text;
  int id = 0;
  while (text.size() < size) {
    text += "INSERT INTO `log` VALUES ";
    for (const std::size_t start = text.size(); text.size() - start < kInsertSize;) {
      add_mysql_row(++id, &random, &text);
      text += ',';
    }
    text.back() = ';';
    text += '\n';
  }
  return text;
}

std::string pg_dump_copy(std::size_t size) {
  Random random(3);
  std::string text = "COPY public.log (id, remark, amount, at) FROM stdin;\n";
  for (int id = 1; text.size() < size; ++id) add_copy_row(id, &random, &text);
  return text + "\\.\n";
}

std::string single_row_inserts(std::size_t size) {
  Random random(4);
  std::string text;
  for (int id = 1; text.size() < size; ++id) {
    fmt::format_to(std::back_inserter(text), "INSERT INTO public.log VALUES ({}, 'quay {}', {});\n",
                   id, random.below(100), random.below(10000));
  }
  return text;
}

std::optional<DumpKind> dump_kind(std::string_view name) {
  constexpr std::array kKinds = {
      std::pair{"mysql"sv, DumpKind::kMysql}, std::pair{"rows"sv, DumpKind::kRows},
      std::pair{"postgresql"sv, DumpKind::kPostgresql}, std::pair{"tsql"sv, DumpKind::kTsql}};
  for (const auto& [known, kind] : kKinds) {
    if (known == name) return kind;
  }
  return std::nullopt;
}

void write_dump(DumpKind kind, std::uint64_t size, int tables, int first_percent,
                const std::function<void(std::string_view)>& put) {
  put(first_lines(kind));
  const std::uint64_t first =
      tables == 1 ? size : size / 100 * static_cast<unsigned>(first_percent);
  for (int number = 0; number < tables; ++number) {
    const auto others = static_cast<unsigned>(tables - 1);
    TableText(kind, number, put).write(number == 0 ? first : (size - first) / others);
  }
}

}  // namespace engine::bench
