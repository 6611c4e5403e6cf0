// NameResolver: which object does a name mean that stands in the text of another?
//
// Thread contract: belongs to one thread; borrows the nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/reference.h"
#include "io/state/catalogue.h"

namespace engine::io {

/// What may stand where a name does.
enum class NameClass : std::uint8_t { kRelation, kRoutine, kTypeOrSequence };

struct WantedName {
  NameClass name_class = NameClass::kRelation;
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::string_view name;
  std::uint64_t line = 0;  ///< where it is said; 0 where that does not matter
};

/// The schema of a name without one; empty where the dialect has none of its own.
std::string_view default_schema(Dialect dialect);

class NameResolver {
 public:
  explicit NameResolver(const std::vector<RecordedObject>& nodes);

  /// The node that `wanted`, said by `from`, means.
  std::optional<std::uint32_t> find(const RecordedObject& from, const WantedName& wanted) const;

  /// As the dialect's servers compare names.
  static std::string folded(std::string_view name, Dialect dialect);

 private:
  std::optional<std::uint32_t> find_along_path(const RecordedObject& from,
                                               const WantedName& wanted) const;
  std::optional<std::uint32_t> find_named(const RecordedObject& from, const WantedName& wanted,
                                          const std::optional<std::string>& schema) const;

  const std::vector<RecordedObject>& nodes_;
  std::unordered_map<std::string, std::vector<std::uint32_t>> by_name_;
};

}  // namespace engine::io
