// generate_ssms --files=1000 --mean-size=51200 --seed=1 [--encoding=utf-16le] DIR
//
// Makes the folder that scripts/bench.sh loads: scripts of SQL Server Management Studio's shape,
// sizes between half and one and a half times the mean.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "bench/random.h"
#include "bench/ssms_script.h"

int main(int argc, char** argv) {
  std::size_t files = 1000;
  std::size_t mean_size = 51200;
  std::uint64_t seed = 1;
  std::string encoding = "utf-8";
  std::string directory;
  CLI::App app("Generates a folder of SSMS scripts");
  app.add_option("--files", files, "how many")->capture_default_str();
  app.add_option("--mean-size", mean_size, "bytes a file, before transcoding")
      ->check(CLI::Range(std::size_t{256}, std::size_t{1} << 30))
      ->capture_default_str();
  app.add_option("--seed", seed, "the same seed makes the same bytes")->capture_default_str();
  app.add_option("--encoding", encoding, "utf-8 or utf-16le")
      ->check(CLI::IsMember({"utf-8", "utf-16le"}))
      ->capture_default_str();
  app.add_option("DIR", directory, "made if it is not there")->required();
  CLI11_PARSE(app, argc, argv);

  std::error_code error;
  std::filesystem::create_directories(directory, error);
  engine::bench::Random random(seed);
  // A script ends with the object that takes it past its size, by so much on average.
  const std::size_t overshoot = std::min<std::size_t>(400, mean_size / 4);
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < files; ++i) {
    const std::size_t size = mean_size / 2 + random.below(mean_size + 1) - overshoot;
    std::string text = engine::bench::ssms_script(random.next(), size);
    if (encoding == "utf-16le") text = engine::bench::to_utf16le(text);
    const std::string path = fmt::format("{}/Module{:05}.sql", directory, i);
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    if (!file) {
      fmt::print(stderr, "{}: cannot be written\n", path);
      return 1;
    }
    bytes += text.size();
  }
  fmt::print("{{\"files\":{},\"bytes\":{}}}\n", files, bytes);
}
