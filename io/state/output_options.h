// OutputOptions: what the outputs of a source depend on besides its bytes, as one line of text.
//
// A source that is done and whose line is another now is done again. It can be read by people:
// "engine 0.1.0 layout=nested data=separate metadata=yes segment_size=33554432 dialect=auto".
// Thread contract: constant after construction; the options must outlive it.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include "engine/options.h"

namespace engine::io {

class OutputOptions {
 public:
  OutputOptions(const Options& options, std::string_view engine_version);

  /// What is said of one source; only in that do sources of one run differ.
  struct Choice {
    Dialect dialect = Dialect::kAuto;
    Encoding encoding = Encoding::kAuto;
    auto operator<=>(const Choice&) const = default;
  };
  Choice choice_of(const std::string& source) const;
  /// All that choice_of() can answer.
  std::vector<Choice> choices() const;
  std::string text(const Choice& choice) const;

 private:
  const Options& options_;
  const std::string common_;
};

}  // namespace engine::io
