// NameResolver: which object does a name mean that stands in the text of another?
//
// Thread contract: belongs to one thread; borrows the nodes.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/reference.h"
#include "io/state/catalogue.h"

namespace engine::io {

/// What may stand where a name does.
enum class NameClass : std::uint8_t { kRelation, kRoutine, kTypeOrSequence, kScheduled };

struct WantedName {
  NameClass name_class = NameClass::kRelation;
  std::optional<std::string> database;
  std::optional<std::string> schema;
  std::string_view name;
  std::uint64_t line = 0;  ///< where it is said; 0 where that does not matter
};

class NameResolver {
 public:
  explicit NameResolver(const std::vector<RecordedObject>& nodes);

  /// The node has been given another name.
  void also_called(std::uint32_t node, std::string name);

  /// The node that `wanted`, said by `from`, means.
  std::optional<std::uint32_t> find(const RecordedObject& from, const WantedName& wanted) const;

  /// As the dialect's servers compare names.
  static std::string folded(std::string_view name, Dialect dialect);

  /// `node` lies in `schema` of whoever refers; none is the dialect's own.
  static bool is_in_schema(const RecordedObject& node, const RecordedObject& from,
                           const std::optional<std::string>& schema);

 private:
  // Whose sources may define what another one names: a dialect that nobody could tell may be any.
  enum class Among : std::uint8_t { kOwnDialect, kGenericToo };

  std::optional<std::uint32_t> find_among(Among among, const RecordedObject& from,
                                          const WantedName& wanted) const;
  std::optional<std::uint32_t> find_along_path(Among among, const RecordedObject& from,
                                               const WantedName& wanted) const;
  std::optional<std::uint32_t> find_named(Among among, const RecordedObject& from,
                                          const WantedName& wanted,
                                          const std::optional<std::string>& schema) const;
  static bool is_in_other_database(const RecordedObject& node, const RecordedObject& from,
                                   const WantedName& wanted);

  const std::vector<RecordedObject>& nodes_;
  bool has_generic_ = false;       // and others beside
  std::deque<std::string> names_;  // that were given later
  struct Named {
    std::uint32_t node;
    std::string_view name;
  };
  std::unordered_map<std::string, std::vector<Named>> by_name_;  // in small letters
};

}  // namespace engine::io
