// CommandDefinition: the options and arguments of one command, and reading them.
//
// Thread contract: belongs to one thread. What the options are read into must outlive it.
// Errors: kInvalid: one line that names the argument, what is wrong and what is allowed.
// Source: CLI11.
#pragma once

#include <CLI/App.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/result.h"
#include "io/cli/command_line.h"
#include "io/cli/option_values.h"

namespace engine::io {

class CommandDefinition {
 public:
  CommandDefinition(const std::string& description, const char* usage, CommandLine& to);

  /// For what CLI11 does by itself: version, configuration file, footer.
  CLI::App& app() { return app_; }

  /// The heading in --help of the options that follow.
  void group(std::string name) { group_ = std::move(name); }

  /// `label` stands for the value in --help. Given twice, the last one counts.
  CLI::Option* add(const std::string& name, const std::string& label, ReadValue read,
                   const std::string& meaning);
  /// Every value given is read, in order.
  void add_repeatable(const std::string& name, const std::string& label, ReadValue read,
                      const std::string& meaning);
  void add_flag(const std::string& name, bool& to, const std::string& meaning);
  void add_globs(const std::string& name, std::vector<std::string>& to, const std::string& meaning);
  /// Of whatever reads or writes the state store.
  void add_state();
  /// Of whatever looks at what a load has made.
  void add_output();
  /// Of whatever shows something to people or to programs.
  void add_format(const std::string& meaning);
  void add_argument(const std::string& name, std::string& to, const std::string& meaning);

  /// All that follow.
  void add_arguments(const std::string& name, std::vector<std::string>& to,
                     const std::string& meaning);

  /// In the arguments or the configuration file; after parse().
  bool was_given(const std::string& name) const;

  /// The first `arguments_needed` arguments must be given.
  Result<CommandLine> parse(int argc, const char* const* argv, std::size_t arguments_needed);

 private:
  Result<void> check_values(int argc, const char* const* argv) const;
  Result<void> check(std::size_t arguments_needed) const;
  std::string config_file() const;
  std::string config_problem(std::string_view told) const;
  std::string value_problem(std::string text, int argc, const char* const* argv) const;
  std::string unexpected(const std::string& argument) const;
  std::string nearest_option(std::string_view name) const;

  CLI::App app_;
  CommandLine& line_;
  std::string group_ = "Options";
  std::vector<CLI::Option*> arguments_;
};

}  // namespace engine::io
