#include "bench/dump_text.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <string_view>

#include "bench/random.h"

namespace engine::bench {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kInsertSize = 1 << 20;  // net_buffer_length of mysqldump
constexpr std::array kWords = {"harbour"sv,      "it\\'s late"sv, "a; b"sv,          "quay"sv,
                               "two\\\\three"sv, "tide table"sv,  "-- no comment"sv, "buoy"sv};

}  // namespace

std::string mysqldump_inserts(std::size_t size) {
  Random random(2);
  std::string text;
  int id = 0;
  while (text.size() < size) {
    text += "INSERT INTO `log` VALUES ";
    for (const std::size_t start = text.size(); text.size() - start < kInsertSize;) {
      fmt::format_to(std::back_inserter(text), "({},'{}',{}.{:02},NULL,'2024-05-17 08:{:02}:00'),",
                     ++id, random.pick(kWords), random.below(10000), random.below(100),
                     random.below(60));
    }
    text.back() = ';';
    text += '\n';
  }
  return text;
}

std::string pg_dump_copy(std::size_t size) {
  Random random(3);
  std::string text = "COPY public.log (id, remark, amount, at) FROM stdin;\n";
  for (int id = 1; text.size() < size; ++id) {
    fmt::format_to(std::back_inserter(text), "{}\t{}\t{}.{:02}\t2024-05-17 08:{:02}:00\n", id,
                   random.pick(kWords), random.below(10000), random.below(100), random.below(60));
  }
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

}  // namespace engine::bench
