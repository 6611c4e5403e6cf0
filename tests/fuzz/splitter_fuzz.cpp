// Promise 1 of docs/design.md: the parts tile the text, in order, each of them with something in
// it, and their lines are counted right; and they are the same whatever kernels find them.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/sql/kernels/kernels.h"
#include "engine/sql/splitter.h"
#include "tests/fuzz/fuzz.h"

namespace {

using engine::fuzz::require;
using engine::sql::SplitPart;

std::vector<SplitPart> split(const engine::fuzz::DialectInput& input) {
  engine::sql::Splitter splitter(input.text, input.dialect);
  std::vector<SplitPart> parts;
  SplitPart part;
  while (splitter.next(&part)) parts.push_back(part);
  return parts;
}

void require_tiling(const std::vector<SplitPart>& parts, std::string_view text) {
  const char mark = text.find('\n') == std::string_view::npos ? '\r' : '\n';
  std::uint64_t end = 0;
  std::uint64_t line = 1;
  for (const SplitPart& part : parts) {
    require(part.offset == end, "a part begins where the one before it ends");
    require(part.length > 0, "a part has something in it");
    require(part.line == line, "a part knows its line");
    require(part.rows == 0 || (part.rows > part.offset && part.rows <= part.end()),
            "the rows of a COPY are inside it");
    const std::string_view bytes = part.in(text);
    line += static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), mark));
    end = part.end();
  }
  require(end == text.size(), "the last part ends with the text");
}

bool same(const SplitPart& a, const SplitPart& b) {
  return a.kind == b.kind && a.role == b.role && a.broken == b.broken && a.offset == b.offset &&
         a.length == b.length && a.line == b.line && a.rows == b.rows &&
         a.terminator == b.terminator;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto all = engine::sql::supported_kernels();
  const engine::fuzz::DialectInput input(data, size);
  std::vector<SplitPart> expected;
  for (const engine::sql::Kernels* kernels : all) {
    engine::sql::use_kernels(*kernels);
    const std::vector<SplitPart> parts = split(input);
    if (kernels == all.front()) {
      require_tiling(parts, input.text);
      expected = parts;
    }
    require(std::equal(parts.begin(), parts.end(), expected.begin(), expected.end(), same),
            "all kernels find the same parts");
  }
  return 0;
}
