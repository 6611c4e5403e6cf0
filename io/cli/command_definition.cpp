#include "io/cli/command_definition.h"

#include <fmt/format.h>

#include <CLI/Config.hpp>
#include <algorithm>
#include <cassert>
#include <memory>
#include <utility>

#include "io/cli/figures.h"
#include "io/cli/help_format.h"
#include "io/cli/option_values.h"

namespace engine::io {
namespace {

CommandLine answer(std::string text) {
  CommandLine line;
  line.command = Command::kAnswer;
  line.answer = std::move(text);
  return line;
}

constexpr const char* kEmptyValue = "the value is empty";

std::string first_line(std::string_view text) { return printable(text.substr(0, text.find('\n'))); }

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = std::exchange(row[j], std::min({replaced, row[j] + 1, row[j - 1] + 1}));
    }
  }
  return row.back();
}

}  // namespace

CommandDefinition::CommandDefinition(const std::string& description, const char* usage,
                                     CommandLine& to)
    : app_(fmt::format("engine {}: {}", ENGINE_VERSION, description)), line_(to) {
  app_.formatter(std::make_shared<HelpFormat>(usage));
  app_.set_help_flag();  // until parse(), so that it comes last
  app_.allow_extras();   // so that check() can name them
}

CLI::Option* CommandDefinition::add(const std::string& name, const std::string& label,
                                    ReadValue read, const std::string& meaning) {
  const auto read_all = [name, read = std::move(read)](const CLI::results_t& values) {
    for (const std::string& value : values) {
      const std::string wrong = value.empty() ? kEmptyValue : read(value);
      if (!wrong.empty()) throw CLI::ValidationError(name, wrong);
    }
    return true;
  };
  return app_.add_option(name, read_all, meaning)
      ->type_name(label)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast)
      ->group(group_);
}

void CommandDefinition::add_repeatable(const std::string& name, const std::string& label,
                                       ReadValue read, const std::string& meaning) {
  add(name, label, std::move(read), meaning + "; repeatable")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void CommandDefinition::add_flag(const std::string& name, bool& to, const std::string& meaning) {
  app_.add_flag(name, to, meaning)->group(group_);
}

void CommandDefinition::add_globs(const std::string& name, std::vector<std::string>& to,
                                  const std::string& meaning) {
  const auto read = [&to](const std::string& glob) {
    to.push_back(path_glob(glob));
    return std::string();
  };
  add_repeatable(name, "GLOB", read, meaning);
}

void CommandDefinition::add_state() {
  add(
      "--state", "PATH",
      [this](const std::string& path) {
        line_.state = path;
        return std::string(path.empty() ? "names no file" : "");
      },
      "Where the state store lies [OUTPUT_DIR/.engine/engine.db]");
}

void CommandDefinition::add_output() {
  add_argument("OUTPUT_DIR", line_.output, "What a load has written");
}

void CommandDefinition::add_format(const std::string& meaning) {
  add("--format", "text|json",
      read_choice({"text", "json"},
                  [this](std::size_t i) { line_.format = static_cast<Format>(i); }),
      meaning);
}

void CommandDefinition::add_argument(const std::string& name, std::string& to,
                                     const std::string& meaning) {
  arguments_.push_back(app_.add_option(name, to, meaning));
}

void CommandDefinition::add_arguments(const std::string& name, std::vector<std::string>& to,
                                      const std::string& meaning) {
  app_.add_option(name, to, meaning);
}

Result<CommandLine> CommandDefinition::parse(int argc, const char* const* argv,
                                             std::size_t arguments_needed) {
  app_.set_help_flag("-h,--help", "Show this text")->group("Help");
  if (Result<void> given = check_values(argc, argv); !given) {
    return tl::make_unexpected(given.error());
  }
  try {
    app_.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return answer(app_.help());
  } catch (const CLI::CallForVersion&) {
    return answer(fmt::format("engine {}\n", ENGINE_VERSION));
  } catch (const CLI::ConfigError& error) {
    return fail(ErrorCode::kInvalid, config_problem(error.what()));
  } catch (const CLI::FileError&) {
    return fail(ErrorCode::kInvalid, "--config: " + config_file() + ": cannot be read");
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::kInvalid, value_problem(first_line(error.what()), argc, argv));
  }
  if (Result<void> checked = check(arguments_needed); !checked) {
    return tl::make_unexpected(checked.error());
  }
  return line_;
}

bool CommandDefinition::was_given(const std::string& name) const {
  const CLI::Option* const option = app_.get_option_no_throw(name);
  assert(option != nullptr);  // a name that was misspelt would never be given
  return option->count() > 0;
}

Result<void> CommandDefinition::check(std::size_t arguments_needed) const {
  const CLI::Option* const config = app_.get_config_ptr();
  if (config != nullptr && config->count() > 0 && config->results().back().empty()) {
    return fail(ErrorCode::kInvalid, std::string("--config: ") + kEmptyValue);
  }
  const std::vector<std::string> extras = app_.remaining();
  if (!extras.empty()) return fail(ErrorCode::kInvalid, unexpected(extras.front()));
  for (const CLI::Option* argument : arguments_) {
    if (argument->count() > 0 && argument->results().back().empty()) {
      return fail(ErrorCode::kInvalid, argument->get_name() + ": " + kEmptyValue);
    }
  }
  for (std::size_t i = 0; i < arguments_needed; ++i) {
    if (arguments_[i]->count() == 0) {
      return fail(ErrorCode::kInvalid, arguments_[i]->get_name() + " is missing; see --help");
    }
  }
  return {};
}

// CLI11 takes "--name=" for "--name", whose value is the next argument. A shell writes it for an
// unset variable, and the next argument is INPUT_DIR.
Result<void> CommandDefinition::check_values(int argc, const char* const* argv) const {
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    const std::string_view argument = argv[i];
    if (!argument.starts_with("--") || argument.find('=') != argument.size() - 1) continue;
    const std::string name(argument.substr(0, argument.size() - 1));
    if (app_.get_option_no_throw(name) != nullptr) {
      return fail(ErrorCode::kInvalid, name + ": " + kEmptyValue);
    }
  }
  return {};
}

std::string CommandDefinition::config_file() const {
  const CLI::Option* const option = app_.get_config_ptr();
  return option == nullptr || option->count() == 0 ? "" : printable(option->results().back());
}

// CLI11 tells only the text that it took for a name.
std::string CommandDefinition::config_problem(std::string_view told) const {
  constexpr std::string_view kBefore = "INI was not able to parse ";
  if (told.starts_with(kBefore)) told.remove_prefix(kBefore.size());
  const std::string text = first_line(told);
  const std::string file = "--config: " + config_file() + ": ";
  if (text.ends_with(".++")) {
    return fmt::format("{}[{}]: there are no tables; write NAME = VALUE at the top", file,
                       text.substr(0, text.size() - 3));
  }
  if (text.find_first_of(" \t=\"'[]") != std::string::npos) {
    return fmt::format("{}'{}' is not NAME = VALUE", file, text);
  }
  std::string nearest = nearest_option("--" + text);
  if (!nearest.empty()) nearest = " did you mean " + nearest.substr(2) + "?";
  return fmt::format("{}{}: no such option;{} --help lists them", file, text, nearest);
}

// A value that no argument has given stands in the configuration file.
std::string CommandDefinition::value_problem(std::string text, int argc,
                                             const char* const* argv) const {
  constexpr std::string_view kBeforeFlag = "Could not convert: ";
  if (text.starts_with(kBeforeFlag)) {
    const std::size_t equals = text.find(" = ");
    text = fmt::format("{}: '{}' is not allowed; give true or false",
                       text.substr(kBeforeFlag.size(), equals - kBeforeFlag.size()),
                       equals == std::string::npos ? "" : text.substr(equals + 3));
  }
  const std::string name = text.substr(0, text.find(':'));
  const bool is_argument = std::any_of(argv, argv + argc, [&](std::string_view argument) {
    return argument.substr(0, argument.find('=')) == name;
  });
  if (is_argument || config_file().empty() || !name.starts_with("--")) return text;
  return "--config: " + config_file() + ": " + text.substr(2);
}

std::string CommandDefinition::unexpected(const std::string& argument) const {
  if (!argument.starts_with('-') || argument == "-") {
    return printable(argument) + ": one argument too many; see --help";
  }
  const std::string name = printable(argument.substr(0, argument.find('=')));
  const std::string nearest = nearest_option(name);
  const std::string hint = nearest.empty() ? "" : " did you mean " + nearest + "?";
  return fmt::format("{}: no such option;{} --help lists them", name, hint);
}

// The first that begins like it, or else the one that differs least, if that is little enough to be
// a slip.
std::string CommandDefinition::nearest_option(std::string_view name) const {
  constexpr std::size_t kLeastBegin = 4;  // "--x" is the begin of too much
  std::string nearest;
  std::size_t least = name.size() / 3 + 1;
  for (const CLI::Option* option : app_.get_options()) {
    const std::string known = option->get_name();
    if (!known.starts_with("--")) continue;
    if (name.size() > kLeastBegin && known.starts_with(name)) return known;
    const std::size_t distance = edit_distance(name, known);
    if (distance < least) {
      least = distance;
      nearest = known;
    }
  }
  return nearest;
}

}  // namespace engine::io
