#include "io/cli/inspect_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>

#include "engine/inspect.h"
#include "io/base/temp_directory.h"
#include "io/cli/command_definition.h"
#include "io/cli/figures.h"
#include "io/file/source_folder.h"

namespace engine::io {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// What `path` leads to, opened as a load would open it; whoever names a link means its target.
struct InspectedFile {
  std::unique_ptr<SourceFolder> folder;
  std::unique_ptr<SourceText> text;
};

Result<InspectedFile> open_file(const std::string& path) {
  std::error_code error;
  const fs::path file = fs::canonical(path, error);
  if (error == std::errc::no_such_file_or_directory) {
    return fail(ErrorCode::kNotFound, path + ": no such file; name one: engine inspect FILE");
  }
  if (error) {
    return fail(ErrorCode::kUnreadable, path + ": cannot be resolved: " + error.message());
  }
  if (fs::is_directory(file, error)) {
    return fail(ErrorCode::kInvalid,
                path + ": is a directory; name a file in it, or load all of it: engine " + path +
                    " OUTPUT_DIR");
  }
  auto folder = SourceFolder::open(file.parent_path().string(), temp_directory());
  if (!folder) return tl::make_unexpected(folder.error());
  auto text = (*folder)->open_when_settled(file.filename().string());
  if (!text) {
    std::string message = text.error().message;
    const std::string name = file.filename().string();
    if (message.starts_with(name)) message.replace(0, name.size(), path);
    return fail(text.error().code, std::move(message));
  }
  return InspectedFile{std::move(*folder), std::move(*text)};
}

Json or_null(const std::optional<std::string>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json object_json(const ObjectRef& object) {
  Json json = {{"action", action_name(object.action)}, {"type", object.type},
               {"database", or_null(object.database)}, {"schema", or_null(object.schema)},
               {"name", or_null(object.name)},         {"parent", or_null(object.parent)}};
  if (object.signature) json["signature"] = *object.signature;
  if (object.parent_schema) json["parent_schema"] = *object.parent_schema;
  if (object.minor) json["minor"] = *object.minor;
  if (!object.constraint_kind.empty()) json["constraint_kind"] = object.constraint_kind;
  if (object.dynamic) json["dynamic"] = true;
  if (object.conditional) json["conditional"] = true;
  return json;
}

// `unit` is 0 for what is no unit.
std::string part_json(const Part& part, std::uint64_t unit) {
  Json json = Json::object();
  if (unit != 0) json["unit"] = unit;
  json["kind"] = part_kind_name(part.kind);
  json["offset"] = part.offset;
  json["length"] = part.length;
  json["line"] = part.line;
  json["objects"] = Json::array();
  for (const ObjectRef& object : part.objects) json["objects"].push_back(object_json(object));
  // A name may be of any 8-bit encoding; JSON is UTF-8.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string object_text(const ObjectRef& object) {
  std::string text = fmt::format("{} {}", action_name(object.action), object.type);
  const std::string_view kind = object.constraint_kind;
  if (!kind.empty()) text += fmt::format(" ({})", kind);
  text += ' ';
  if (object.database) text += *object.database + ".";
  if (object.schema) text += *object.schema + ".";
  text += object.name.value_or("(unnamed)") + object.signature.value_or("");
  if (object.parent) {
    const std::string schema = object.parent_schema ? *object.parent_schema + "." : "";
    text += " on " + schema + *object.parent;
  }
  return text;
}

std::string part_text(const Part& part, std::uint64_t unit) {
  std::string what;
  for (const ObjectRef& object : part.objects) {
    if (!what.empty()) what += "; ";
    what += object_text(object);
  }
  if (what.empty() && part.kind == PartKind::kUnit) what = "(defines no object)";
  std::string row =
      fmt::format("{:>6}  {:>7}  {:<9}  {:>10}  {}", unit == 0 ? "" : std::to_string(unit),
                  part.line, part_kind_name(part.kind), part.length, printable(what));
  row.erase(row.find_last_not_of(' ') + 1);
  return row + "\n";
}

// False when standard output did not take it.
bool print_parts(const Inspection& inspection, Format format) {
  constexpr std::size_t kChunk = 65536;
  const bool is_json = format == Format::kJson;
  std::string out;
  if (!is_json) {
    out = fmt::format("{:>6}  {:>7}  {:<9}  {:>10}  {}\n", "unit", "line", "kind", "bytes", "what");
  }
  std::uint64_t units = 0;
  for (const Part& part : inspection.parts) {
    const std::uint64_t unit = part.kind == PartKind::kUnit ? ++units : 0;
    out += is_json ? part_json(part, unit) : part_text(part, unit);
    if (out.size() < kChunk) continue;
    if (!print(out)) return false;
    out.clear();
  }
  return print(out);
}

std::string explanation_json(const Inspection& inspection, const std::string& path) {
  const Json json = {{"file", path},
                     {"encoding", inspection.encoding},
                     {"encoding_evidence", inspection.encoding_evidence},
                     {"dialect", dialect_name(inspection.dialect)},
                     {"dialect_uncertain", inspection.uncertain},
                     {"dialect_evidence", inspection.evidence}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

void explain(const Inspection& inspection, const std::string& path, Format format,
             Console& console) {
  if (format == Format::kJson) return console.line(explanation_json(inspection, path));
  console.line(fmt::format("{}: encoding {}, dialect {}{}", printable(path), inspection.encoding,
                           dialect_name(inspection.dialect),
                           inspection.uncertain ? " (uncertain)" : ""));
  console.line("  encoding: " + printable(inspection.encoding_evidence));
  for (const std::string& evidence : inspection.evidence) {
    console.line("  dialect: " + printable(evidence));
  }
}

}  // namespace

Result<CommandLine> parse_inspect(int argc, const char* const* argv) {
  CommandLine line;
  line.command = Command::kInspect;
  CommandDefinition define("shows the units and objects of one file",
                           "Usage: engine inspect [OPTIONS] FILE\n", line);
  define.add_argument("FILE", line.input, "The source; it may be compressed");
  define.add_format("A table, or one JSON object a line [text]");
  define.add("--dialect", "NAME", read_dialect(line.options.dialect),
             "Its dialect [auto: from the text]");
  define.add("--encoding", "NAME", read_encoding(line.options.encoding),
             "Its encoding [auto: from the bytes]");
  define.add_flag("--explain", line.explain,
                  "Say on standard error what the encoding and the dialect were told by");
  return define.parse(argc, argv, 1);
}

ExitStatus run_inspect(const CommandLine& line, Console& console) {
  const Result<InspectedFile> file = open_file(line.input);
  if (!file) {
    console.line("engine: " + printable(file.error().message));
    const ErrorCode code = file.error().code;
    const bool is_usage = code == ErrorCode::kNotFound || code == ErrorCode::kInvalid;
    return is_usage ? kExitUsage : kExitFailed;
  }
  const Result<Inspection> inspected =
      inspect(file->text->bytes(), line.options.dialect, line.options.encoding);
  if (!inspected) {
    console.line("engine: " + printable(line.input + ": " + inspected.error().message));
    return kExitFailed;
  }
  const Inspection& inspection = *inspected;
  if (line.explain) explain(inspection, line.input, line.format, console);
  const bool printed = print_parts(inspection, line.format);
  for (const Warning& warning : inspection.warnings) {
    console.line(place_in(printable(line.input), warning.line, warning.column) + ": " +
                 printable(warning.message));
  }
  if (Result<void> unchanged = file->text->check_unchanged(); !unchanged) {
    console.line("engine: " + printable(unchanged.error().message));
    return kExitFailed;
  }
  if (!printed) console.line("engine: standard output: cannot be written");
  return printed ? kExitDone : kExitFailed;
}

}  // namespace engine::io
