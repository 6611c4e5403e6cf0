// Runs a fuzz target over the files of the folders that it is given: what the fuzzer keeps, tried
// again by every build and sanitizer, with any compiler.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

int main(int count, char** folders) {
  std::size_t tried = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
      // Also cut short at a few places, where quotes and comments stay open.
      for (std::size_t cut = 0; cut < 8; ++cut, ++tried) {
        // A copy of its own size, so that a byte read behind it shows.
        const std::vector<char> input(
            bytes.begin(),
            bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() * (8 - cut) / 8));
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
      }
    }
  }
  std::printf("%zu inputs\n", tried);
  return tried > 0 ? 0 : 1;
}
