// floor --threads=N --rounds=N OUTPUT DIR
//
// The floor under the engine: how long it takes to make the directories and files of OUTPUT (a
// folder of trees that the engine made) in DIR from memory, with no reading and no parsing. Each
// round works in a new folder, which is removed outside of the time. Prints one JSON object a
// round.

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "bench/tree_image.h"

namespace engine::bench {
namespace {

namespace fs = std::filesystem;

/// Deals the images to `threads` threads; the first error, if there was one.
Result<void> write_all(int root, const std::vector<TreeImage>& images, unsigned threads) {
  std::atomic<std::size_t> next{0};
  std::vector<Result<void>> results(threads);
  const auto work = [&](unsigned thread) {
    const std::string staging = fmt::format(".staging{}", thread);
    for (;;) {
      // relaxed: the counter deals indices and publishes nothing
      const std::size_t index = next.fetch_add(1, std::memory_order_relaxed);
      if (index >= images.size()) return;
      results[thread] = write_image(root, staging, images[index]);
      if (!results[thread]) return;
    }
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(work, i);
  work(0);
  for (std::thread& thread : others) thread.join();
  for (const Result<void>& result : results) {
    if (!result) return result;
  }
  return {};
}

Result<double> timed_round(const std::string& directory, const std::vector<TreeImage>& images,
                           unsigned threads) {
  std::error_code error;
  fs::remove_all(directory, error);
  if (fs::exists(directory)) {
    return fail(ErrorCode::kUnwritable, directory + ": cannot be removed");
  }
  fs::create_directories(directory, error);
  const int root = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (root < 0) return fail(ErrorCode::kUnwritable, directory + ": cannot be used");
  const auto start = std::chrono::steady_clock::now();
  for (const TreeImage& image : images) {
    const fs::path parent = fs::path(image.path).parent_path();
    if (!parent.empty()) fs::create_directories(directory / parent, error);
  }
  Result<void> result = write_all(root, images, threads);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  ::close(root);
  fs::remove_all(directory, error);
  if (!result) return tl::make_unexpected(result.error());
  return seconds.count();
}

int run(const std::string& output, const std::string& directory, unsigned threads,
        unsigned rounds) {
  const Result<std::vector<TreeImage>> images = read_trees(output);
  if (!images) {
    fmt::print(stderr, "{}\n", images.error().message);
    return 1;
  }
  std::size_t outputs = 0;
  for (const TreeImage& image : *images) outputs += image.files.size();
  for (unsigned round = 0; round < rounds; ++round) {
    const Result<double> seconds = timed_round(directory + "/floor", *images, threads);
    if (!seconds) {
      fmt::print(stderr, "{}\n", seconds.error().message);
      return 1;
    }
    fmt::print(
        "{{\"threads\":{},\"trees\":{},\"outputs\":{},\"seconds\":{:.6f},"
        "\"files_per_second\":{:.1f},\"outputs_per_second\":{:.1f}}}\n",
        threads, images->size(), outputs, *seconds, static_cast<double>(images->size()) / *seconds,
        static_cast<double>(outputs) / *seconds);
  }
  return 0;
}

}  // namespace
}  // namespace engine::bench

int main(int argc, char** argv) {
  unsigned threads = 1;
  unsigned rounds = 1;
  std::string output;
  std::string directory;
  CLI::App app("Times the writing of a folder of trees from memory");
  app.add_option("--threads", threads, "writers")->check(CLI::Range(1, 1024));
  app.add_option("--rounds", rounds, "how often")->check(CLI::Range(1, 1000));
  app.add_option("OUTPUT", output, "trees that the engine made")->required();
  app.add_option("DIR", directory, "where to write; DIR/floor is made and removed")->required();
  CLI11_PARSE(app, argc, argv);
  return engine::bench::run(output, directory, threads, rounds);
}
