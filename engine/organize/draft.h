// Draft: an output in the making: what belongs into it, in source order, before the end of the
// source tells where it lies.
//
// Thread contract: a value.
// Units: offsets and lengths in bytes of the split text, lines from 1.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dependency/object_key.h"
#include "engine/organize/object_list.h"
#include "engine/reference.h"

namespace engine::organize {

enum class OutputKind : std::uint8_t { kDefinition, kSegment, kOther };

struct Piece {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 1;
  bool batch_ended = false;  ///< closes with GO or the like, so another piece may follow as it is
  std::string_view terminator_before = ";";  ///< that ends statements where the piece begins,
  std::string_view terminator_after = ";";   ///< and where it ends
  std::uint64_t end_line = 1;  ///< that the place behind it is in; known when the source has ended
};

/// What one of a draft's objects says of another object.
struct DraftReference {
  std::size_t object = 0;  ///< an index into Draft::objects
  Reference reference;
};

struct Draft {
  explicit Draft(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
      : objects(memory), references(memory), pieces(memory) {}

  OutputKind kind = OutputKind::kOther;
  ObjectList objects;
  std::pmr::vector<DraftReference> references;
  dependency::ObjectKey own;                   ///< of a definition: the object
  std::optional<dependency::ObjectKey> owner;  ///< of a child or segment: what it hangs on
  std::string constraint_kind;
  bool created = false;      ///< a unit creates `own`
  bool change = false;       ///< of `own`, whose definition is another output;
  bool drops = false;        ///< and it is dropped
  bool elsewhere = false;    ///< about an object that the source does not define
  bool queries = false;      ///< rows that are read from tables
  bool only_frames = false;  ///< LOCK TABLES and the like, and no rows yet
  bool on_keys = false;      ///< rows that are let in by the keys that there are
  bool leaves = false;       ///< ends the client, so all others are loaded before it
  bool acts = false;         ///< rows that act on those of other tables, or go by them
  std::size_t node = 0;      ///< in the NeedGraph
  std::pmr::vector<Piece> pieces;
  std::uint64_t units = 0;
  std::uint64_t last_unit = ~std::uint64_t{0};  ///< offset of the unit counted last
  std::uint64_t bytes = 0;
  /// Of a part of one big COPY, so that it loads by itself: the header to repeat before its rows
  /// (empty in the first part), and whether the end mark is to be added behind them.
  std::string_view copy_header;
  bool copy_goes_on = false;
  /// What ends the last statement of the source, which does not do so itself.
  std::string_view missing_end;

  /// What `from` tells of objects, behind what is told here; references follow to where their
  /// objects stand now.
  void tell_also(Draft* from);
};

/// Of one source; none moves while more come.
using Drafts = std::pmr::deque<Draft>;

}  // namespace engine::organize
