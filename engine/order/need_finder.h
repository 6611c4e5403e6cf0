// NeedFinder: which items of a tree must come before which others when the tree is loaded.
//
// Thread contract: one thread.
// Source: engine/load_order.h; what becomes of the needs is engine/order/arrange.h's.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dialect.h"
#include "engine/load_order.h"
#include "engine/order/arrange.h"
#include "engine/order/definitions.h"

namespace engine::order {

class NeedFinder {
 public:
  /// `by_source`: the items' indexes as they begin in the source.
  NeedFinder(std::span<const LoadItem> items, std::span<const std::size_t> by_source,
             Dialect dialect, LoadOrder order);

  void run();

  const std::vector<Need>& needs() const { return needs_; }
  const Definitions& definitions() const { return definitions_; }
  /// `item` changes what unqualified names mean, or what the server checks.
  bool changes_session(std::size_t item) const { return changes_session_[item]; }

 private:
  using ByItem = std::unordered_map<std::size_t, std::vector<std::size_t>>;

  void find_needs(std::size_t item);
  void need(std::size_t item, std::string_view name, std::string_view of, std::string_view own,
            bool weak);
  bool drops_first(std::size_t item, std::string_view name, std::size_t defined) const;
  void relate(std::size_t first, std::size_t then, bool weak);
  void relate_if_apart(std::size_t first, std::size_t then, bool weak);
  /// The segments that need it, by the table.
  ByItem rows_by_table() const;
  void relate_rows();
  void relate_nearest_rows(const std::vector<std::size_t>& first,
                           const std::vector<std::size_t>& then);
  void relate_alterations();
  void relate_to_alterations(std::size_t other, const std::vector<std::size_t>& list);
  void relate_calls();
  void relate_operators();
  void relate_keys();
  void relate_barriers();
  bool alters_table(std::size_t item) const;
  bool alters(std::size_t item) const;
  bool hangs_on_table(std::size_t item) const;

  std::span<const LoadItem> items_;
  std::span<const std::size_t> by_source_;
  Dialect dialect_;
  LoadOrder order_;
  Definitions definitions_;
  std::vector<bool> changes_session_;
  std::vector<bool> keeps_place_;  // it is not known what it may touch
  std::vector<bool> only_drops_;
  std::vector<bool> calls_;  // a step of the script that runs a routine of the script's
  std::vector<Need> needs_;
};

}  // namespace engine::order
