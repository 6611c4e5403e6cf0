// rank_of(): where a kind of object comes when a database is built: schemas, types, sequences,
// tables, rows, keys and indexes, views, routines, triggers.
//
// Thread contract: pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "engine/object_ref.h"

namespace engine::order {

constexpr std::size_t kFirstRank = 0;
constexpr std::size_t kRowsRank = 7;  ///< rows, and steps of the script between them
constexpr std::size_t kLastRank = 16;

/// From 1 to one before kLastRank.
std::size_t rank_of(const ObjectRef& object);

/// A program that the server keeps: its body is run later, by whoever calls it.
bool is_routine(std::string_view type);

}  // namespace engine::order
