// StallMonitor: HostPressure by the kernel's pressure stall information.
//
// Of the process's own control group where it tells (v2), else of the whole machine; zeros where
// the kernel was built or started without it.
// Thread contract: any thread.
// Source: kernel Documentation/accounting/psi.rst: the share of the last ten seconds in which some
// task stood still.
#pragma once

#include <string>

#include "engine/host_pressure.h"

namespace engine::io {

class StallMonitor final : public HostPressure {
 public:
  /// `root` stands for "/".
  explicit StallMonitor(std::string root = "");

  Stalls stalls() const override;

 private:
  double percent(const std::string& resource) const;

  const std::string root_;
  std::string group_;  ///< the directory with cpu.pressure and its kin; empty: none
};

}  // namespace engine::io
