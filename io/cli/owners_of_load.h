// OwnersOfLoad: whose trees stay where they are while a load goes on.
//
// Thread contract: as of TreeOwners.
// Errors: none; what made way is a warning of the report.
#pragma once

#include <string>
#include <vector>

#include "io/cli/load_report.h"
#include "io/file/source_folder.h"
#include "io/file/tree_writer.h"
#include "io/watch/tree_scan.h"

namespace engine::io {

/// Those of the sources that it found stay. All others that are in the way are kept elsewhere.
class OwnersOfLoad final : public TreeOwners {
 public:
  /// All of them outlive this, and are constant but for the report.
  OwnersOfLoad(const TreeScan& scan, const SourceFolder& folder, LoadReport& report)
      : scan_(scan), folder_(folder), report_(report) {}

  bool has(const std::string& source) const override;
  bool keeps(const std::string& /*source*/, const std::string& /*successor*/) override {
    return true;
  }
  void made_way(const std::string& path, const std::vector<PlacedTree>& trees,
                const std::string& successor, const std::string& aside) override;

 private:
  const TreeScan& scan_;
  const SourceFolder& folder_;
  LoadReport& report_;
};

}  // namespace engine::io
