#include "io/cli/command_line.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "io/cli/deps_command.h"
#include "io/cli/export_command.h"
#include "io/cli/inspect_command.h"
#include "io/cli/join_command.h"
#include "io/cli/load_options.h"
#include "io/cli/order_command.h"
#include "io/cli/retry_command.h"
#include "io/cli/status_command.h"
#include "io/cli/verify_command.h"

namespace engine::io {
namespace {

struct NamedCommand {
  std::string_view name;
  Result<CommandLine> (*parse)(int argc, const char* const* argv);
};

constexpr std::array<NamedCommand, 9> kCommands = {{{"inspect", parse_inspect},
                                                    {"join", parse_join},
                                                    {"verify", parse_verify},
                                                    {"status", parse_status},
                                                    {"deps", parse_deps},
                                                    {"find", parse_find},
                                                    {"export", parse_export},
                                                    {"retry", parse_retry},
                                                    {"order", parse_order}}};

const NamedCommand* command_of(std::string_view name) {
  const auto* const found =
      std::find_if(kCommands.begin(), kCommands.end(),
                   [&](const NamedCommand& command) { return command.name == name; });
  return found == kCommands.end() ? nullptr : found;
}

}  // namespace

Result<CommandLine> parse_command_line(int argc, const char* const* argv) {
  // A command is a command in the first place only: behind it, the same word is a directory.
  const std::string_view first = argc > 1 ? argv[1] : "";
  const NamedCommand* const command = command_of(first);
  if (command != nullptr) return command->parse(argc - 1, argv + 1);
  Result<CommandLine> line = parse_load(argc, argv);
  std::error_code ignored;
  if (line && command_of(line->input) != nullptr &&
      !std::filesystem::exists(line->input, ignored)) {
    return fail(ErrorCode::kInvalid, line->input + ": there is no such directory, and a command " +
                                         "comes first: engine " + line->input + " ...");
  }
  return line;
}

}  // namespace engine::io
