#include "io/cli/verify_command.h"

#include <fmt/format.h>

#include "io/cli/figures.h"
#include "io/file/verify.h"

namespace engine::io {

ExitStatus run_verify(const CommandLine& line, Console& console) {
  const Result<Verification> verified = verify(line.output, line.verify_input);
  if (!verified) {
    console.line("engine: " + printable(verified.error().message));
    return kExitUsage;
  }
  std::string out;
  for (const std::string& difference : verified->differences) out += printable(difference) + "\n";
  for (const std::string& note : verified->notes) out += "note: " + printable(note) + "\n";
  out += fmt::format("{}, {}, {}: {}\n", counted(verified->trees, "tree"),
                     counted(verified->outputs, "output"), megabytes(verified->bytes),
                     counted(verified->differences.size(), "difference"));
  if (!print(out)) {
    console.line("engine: standard output: cannot be written");
    return kExitFailed;
  }
  return verified->differences.empty() ? kExitDone : kExitFailed;
}

}  // namespace engine::io
