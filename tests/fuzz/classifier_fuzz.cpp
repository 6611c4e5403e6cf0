// Statements tile their part, whatever stands in it; an object always has a type; and a dialect can
// be told from any text.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/sql/classifier.h"
#include "engine/sql/detect_dialect.h"
#include "engine/sql/splitter.h"
#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using engine::fuzz::require;
  const engine::fuzz::DialectInput input(data, size);
  require(engine::sql::detect_dialect(input.text).dialect != engine::Dialect::kAuto,
          "the dialect is decided");
  engine::sql::Splitter splitter(input.text, input.dialect);
  engine::sql::Classifier classifier(input.text, input.dialect);
  engine::sql::SplitPart part;
  while (splitter.next(&part)) {
    if (part.kind == engine::PartKind::kGap) continue;
    std::uint64_t end = part.offset;
    const auto require_next = [&](const std::vector<engine::sql::Statement>& statements) {
      for (const engine::sql::Statement& statement : statements) {
        require(statement.offset == end, "a statement begins where the one before it ends");
        require(statement.owner_end <= input.text.size(), "the owner's name is in the text");
        require(statement.role != engine::sql::Role::kDefinition || !statement.objects.empty(),
                "what defines something says what");
        for (const engine::ObjectRef& object : statement.objects) {
          require(!object.type.empty(), "an object has a type");
        }
        end += statement.length;
      }
    };
    require_next(classifier.classify(part));
    while (classifier.has_more()) require_next(classifier.classify_more());
    require(end == part.end(), "the last statement ends with its part");
  }
  return 0;
}
