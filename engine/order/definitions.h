// Definitions: which item of a tree defines which object, found by the name that others use.
//
// Thread contract: one thread.
// Memory: an entry a definition. Limits: a name of more than 64 objects is found for none of them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/dialect.h"
#include "engine/load_order.h"
#include "engine/object_ref.h"

namespace engine::order {

struct Definition {
  std::size_t item;
  std::string schema;  ///< in lower case; empty where the script has none
  std::string_view type;
  bool child;  ///< of a table or the like
};

class Definitions {
 public:
  Definitions(std::span<const LoadItem> items, Dialect dialect);

  /// The next item, in the order of the source. The first that creates an object defines it; a
  /// later one (a type behind its shell) changes what is there.
  void note(std::size_t item);

  /// `item` creates what another item has defined.
  bool redefines(std::size_t item) const { return redefines_[item]; }

  /// `item` drops, in an output of its own, what the source has created: it was there for
  /// something. A DROP spells schema and parameters as it likes.
  /// REQUIRES, of this and the next two: the item has an object.
  bool drops_again(std::size_t item) const;

  /// `item` is an index of a cluster, without which the cluster's tables take no rows.
  bool opens_cluster(std::size_t item) const;

  /// `item` says something of an object that no statement of the source creates by name: of a
  /// sequence that the server has made for a column, it may be.
  bool only_remarks(std::size_t item) const;

  /// What `name` can mean, to one who writes `qualifier` before it and stands in `own_schema`.
  /// Nothing where that could be very many objects.
  std::vector<const Definition*> find(std::string_view name, std::string_view qualifier,
                                      std::string_view own_schema) const;

 private:
  using List = std::vector<Definition>;
  using Lists = std::unordered_map<std::string, List>;

  std::vector<const Definition*> meant_by(const std::string& name, const std::string& qualifier,
                                          const std::string& own_schema) const;

  std::span<const LoadItem> items_;
  Dialect dialect_;
  std::vector<bool> redefines_;
  std::unordered_map<std::string, std::size_t> created_;  // the first item that creates an object
  Lists by_name_;                                         // in lower case
  Lists by_full_name_;                                    // schema, NUL, name
};

}  // namespace engine::order
