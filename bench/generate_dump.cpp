// generate_dump --kind=mysql --size=1073741824 [--tables=8] [--first-percent=30] FILE
//
// Makes one large dump, as bench/big.py loads it. The same arguments make the same bytes.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "bench/dump_text.h"

int main(int argc, char** argv) {
  std::string kind = "mysql";
  std::uint64_t size = 1 << 30;
  int tables = 8;
  int first_percent = 30;
  std::string path;
  CLI::App app("Generates a large dump");
  app.add_option("--kind", kind, "mysql, rows, postgresql or tsql")
      ->check(CLI::IsMember({"mysql", "rows", "postgresql", "tsql"}))
      ->capture_default_str();
  app.add_option("--size", size, "bytes, about")->capture_default_str();
  app.add_option("--tables", tables, "how many")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--first-percent", first_percent, "of the rows that are the first table's")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  app.add_option("FILE", path, "written over if it is there")->required();
  CLI11_PARSE(app, argc, argv);

  std::ofstream file(path, std::ios::binary);
  std::uint64_t written = 0;
  engine::bench::write_dump(*engine::bench::dump_kind(kind), size, tables, first_percent,
                            [&](std::string_view text) {
                              file.write(text.data(), static_cast<std::streamsize>(text.size()));
                              written += text.size();
                            });
  file.close();
  if (!file) {
    fmt::print(stderr, "{}: cannot be written\n", path);
    return 1;
  }
  fmt::print("{{\"bytes\":{}}}\n", written);
}
