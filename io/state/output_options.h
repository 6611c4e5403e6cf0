// OutputOptions: what the outputs of a source depend on besides its bytes, as one line of text.
//
// A source that is done and whose line is another now is done again. It can be read by people:
// "engine 0.1.0 layout=nested data=separate metadata=yes segment_size=33554432 dialect=auto".
// Thread contract: constant after construction; the options must outlive it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/options.h"

namespace engine::io {

class OutputOptions {
 public:
  OutputOptions(const Options& options, std::string_view engine_version);

  /// What is said of the source's dialect; only in that do sources of one run differ.
  Dialect dialect_of(const std::string& source) const;
  /// All that dialect_of() can answer.
  std::vector<Dialect> dialects() const;
  std::string text(Dialect dialect) const;

 private:
  const Options& options_;
  const std::string common_;
};

}  // namespace engine::io
