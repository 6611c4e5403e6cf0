// A planted bug, to see that the fuzzer finds bugs: a splitter that loses the end of a COPY whose
// rows hold a semicolon. It takes a statement, its line end and a row to get there.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/sql/splitter.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  engine::sql::Splitter splitter(text, engine::Dialect::kPostgresql);
  engine::sql::SplitPart part;
  std::uint64_t end = 0;
  while (splitter.next(&part)) {
    end = part.end();
    if (part.rows == 0) continue;
    const std::string_view rows = text.substr(part.rows, part.end() - part.rows);
    if (rows.find(';') != std::string_view::npos) --end;
  }
  engine::fuzz::require(end == text.size(), "the planted bug is not there");
  return 0;
}
