// SpaceLog: one line when the output's disk is full, and one when there is room again.
//
// Thread contract: that of IntakeObserver.
#pragma once

#include <string>
#include <utility>

#include "engine/intake.h"
#include "io/cli/figures.h"
#include "io/cli/log.h"

namespace engine::io {

class SpaceLog : public IntakeObserver {
 public:
  explicit SpaceLog(Logger log) : log_(std::move(log)) {}

  void intake_opened() override {}
  void output_full(const std::string& reason) override {
    log_->warn("{}; waiting until there is room, and going on then", printable(reason));
  }
  void output_has_room() override { log_->info("there is room again; going on"); }

 private:
  const Logger log_;
};

}  // namespace engine::io
