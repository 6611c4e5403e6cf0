// OutputGraph: everything that the catalogue of an OUTPUT knows, as a PropertyGraph that owns what
// it is built on.
//
// Thread contract: constant once loaded.
// Errors: those of the catalogue.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/result.h"
#include "io/graph/property_graph.h"

namespace engine::io {

class OutputGraph {
 public:
  /// `output` may be any path of OUTPUT; its real path begins the keys.
  static Result<std::unique_ptr<OutputGraph>> load(Catalogue& catalogue, const std::string& output);
  OutputGraph(const OutputGraph&) = delete;  ///< the parts point at each other
  OutputGraph& operator=(const OutputGraph&) = delete;

  const PropertyGraph& properties() const { return properties_; }
  const std::vector<RecordedTree>& trees() const { return trees_; }

 private:
  OutputGraph(std::string output, ObjectGraph objects, std::vector<RecordedTree> trees);

  const ObjectGraph objects_;
  const std::vector<RecordedTree> trees_;
  const PropertyGraph properties_;
};

}  // namespace engine::io
