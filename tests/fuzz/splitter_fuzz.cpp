// Promise 1 of docs/design.md for every text and dialect: the parts tile it, in order, each of them
// with something in it, and lines only go forward.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/sql/splitter.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void split_all(std::string_view text, engine::Dialect dialect) {
  engine::sql::Splitter splitter(text, dialect);
  engine::sql::SplitPart part;
  std::uint64_t end = 0;
  std::uint64_t line = 1;
  while (splitter.next(&part)) {
    require(part.offset == end && part.length > 0);
    require(part.line >= line);
    end += part.length;
    line = part.line;
  }
  require(end == text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (auto dialect = engine::Dialect::kTsql; dialect <= engine::Dialect::kGeneric;
       dialect = static_cast<engine::Dialect>(static_cast<int>(dialect) + 1)) {
    split_all(text, dialect);
  }
  return 0;
}
