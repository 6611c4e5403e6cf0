// plan_loading(): an order in which the outputs of one tree load.
//
// By source, the outputs follow each other as the source has them; only where the stretches of one
// lie before and after another's (a view first as a placeholder, DROP before CREATE) does it count
// which needs which. By dependency, they follow the kinds of object (schemas, types, sequences,
// tables, rows, keys and indexes, views, routines, triggers), and everything comes behind what it
// needs; nothing passes what changes the session (USE, \connect, SET search_path), nor a step, an
// ALTER or a DROP that is not known to be harmless. What ends the client is the last in both.
//
// Thread contract: pure.
// Units: positions in bytes of the source.
// Errors: none. Where outputs need each other in a ring, those of the ring come as in the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/object_ref.h"

namespace engine {

enum class LoadOrder : std::uint8_t { kSource, kDependency };

/// One output, as the manifest has it.
struct LoadItem {
  enum class Kind : std::uint8_t { kDefinition, kSegment, kOther };
  Kind kind = Kind::kOther;
  std::uint64_t begin = 0;  ///< of its first stretch in the source,
  std::uint64_t end = 0;    ///< and behind its last one
  std::span<const ObjectRef> objects;
  std::string_view text;                     ///< of the output; may be empty for rows
  std::span<const std::size_t> behind = {};  ///< items that come before it whatever the texts say
  bool leaves = false;                       ///< ends the client: comes behind all others
};

struct Loading {
  std::vector<std::size_t> order;  ///< the items' indexes
  /// Items that need each other in a ring, `behind` others of it, so that no order is sure to load
  /// them.
  std::vector<std::vector<std::size_t>> rings;
};

/// Defined in engine/order/load_order.cpp.
Loading plan_loading(std::span<const LoadItem> items, Dialect dialect, LoadOrder order);

}  // namespace engine
