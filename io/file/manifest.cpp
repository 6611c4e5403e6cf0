#include "io/file/manifest.h"

#include <cerrno>
#include <charconv>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "io/base/manifest_version.h"
#include "io/base/output_directory.h"
#include "io/file/hash.h"
#include "io/file/json_elements.h"
#include "io/file/json_fields.h"
#include "io/file/manifest_check.h"
#include "io/file/mapped_file.h"
#include "io/file/output_root.h"

namespace engine::io {
namespace {

using PlainJson = nlohmann::json;
using Fields = JsonFields;

ObjectRef read_object(Fields& fields, const PlainJson& json, std::set<std::string>& words) {
  ObjectRef object;
  if (json.is_object() && json.contains("action")) {
    const std::string action = fields.text(json, "action");
    const std::optional<Action> known = action_from_name(action);
    if (!known) fields.wrong("unknown action \"" + action + "\"");
    object.action = known.value_or(Action::kCreate);
  }
  object.type = *words.insert(fields.text(json, "type")).first;
  object.database = fields.optional_text(json, "database");
  object.schema = fields.optional_text(json, "schema");
  object.name = fields.optional_text(json, "name");
  object.parent = fields.optional_text(json, "parent");
  object.parent_schema = fields.optional_text(json, "parent_schema");
  object.signature = fields.optional_text(json, "signature");
  object.minor = fields.optional_text(json, "minor");
  object.constraint_kind =
      *words.insert(fields.optional_text(json, "constraint_kind").value_or("")).first;
  return object;
}

std::vector<ObjectRef> read_objects(Fields& fields, const PlainJson& output, const char* key,
                                    std::set<std::string>& words) {
  std::vector<ObjectRef> objects;
  for (const PlainJson& object : fields.array(output, key)) {
    objects.push_back(read_object(fields, object, words));
  }
  return objects;
}

Manifest::Piece read_piece(Fields& fields, const PlainJson& json) {
  Manifest::Piece piece;
  piece.offset = fields.number(json, "offset");
  piece.length = fields.number(json, "length");
  piece.line = fields.number(json, "line");
  piece.output_offset = fields.number(json, "output_offset", 0);
  piece.output_length = fields.number(json, "output_length", piece.length);
  if (json.is_object() && json.contains("raw")) {
    piece.raw = fields.member(json, "raw", PlainJson::value_t::boolean) == PlainJson(true);
  }
  return piece;
}

Manifest::Output read_output(Fields& fields, const PlainJson& json, std::set<std::string>& words) {
  Manifest::Output output;
  output.path = fields.text(json, "path");
  output.kind = fields.text(json, "kind");
  output.size = fields.number(json, "size");
  output.hash = fields.text(json, "hash");
  output.units = fields.number(json, "units");
  const auto has = [&](const char* key) { return json.is_object() && json.contains(key); };
  if (has("objects")) output.objects = read_objects(fields, json, "objects", words);
  if (has("ends_client")) {
    output.ends_client =
        fields.member(json, "ends_client", PlainJson::value_t::boolean) == PlainJson(true);
  }
  if (has("behind")) {
    for (const PlainJson& other : fields.array(json, "behind")) {
      if (other.is_number_unsigned()) {
        output.behind.push_back(other.get<std::size_t>());
      } else {
        fields.wrong("\"behind\" holds no number");
      }
    }
  }
  if (has("added")) {
    for (const PlainJson& added : fields.array(json, "added")) {
      output.added.push_back({fields.number(added, "offset"), fields.number(added, "length")});
    }
  }
  for (const PlainJson& from : fields.array(json, "pieces")) {
    output.pieces.push_back(read_piece(fields, from));
  }
  return output;
}

std::string from_hex(Fields& fields, std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned byte = 0;
    const char* const end = hex.data() + i + 2;
    if (std::from_chars(hex.data() + i, end, byte, 16).ptr != end) break;
    bytes += static_cast<char>(byte);
  }
  if (hex.empty() || bytes.size() * 2 != hex.size()) fields.wrong("\"path_hex\" is no hex");
  return bytes;
}

Manifest::Source read_source(Fields& fields, const PlainJson& json) {
  Manifest::Source source;
  source.path = fields.text(json, "path");
  if (const auto hex = fields.optional_text(json, "path_hex")) source.path = from_hex(fields, *hex);
  source.size = fields.number(json, "size");
  source.hash = fields.text(json, "hash");
  source.line_ends = fields.text(json, "line_ends");
  source.dialect = fields.text(json, "dialect");
  const std::string encoding = fields.text(json, "encoding");
  constexpr std::string_view kMark = "-bom";
  source.has_mark = encoding.ends_with(kMark);
  const auto known = encoding_from_name(
      encoding.substr(0, encoding.size() - (source.has_mark ? kMark.size() : 0)));
  if (known && *known != Encoding::kAuto && !(source.has_mark && byte_order_mark(*known).empty())) {
    source.encoding = *known;
    return source;
  }
  fields.wrong("unknown encoding \"" + encoding + "\"");
  return source;
}

// The checksum is of all bytes before its own line.
Result<void> check_checksum(std::string_view text, const std::string& shown) {
  const std::size_t line = text.rfind("\n  \"checksum\"");
  if (line == std::string_view::npos) {
    return fail(ErrorCode::kDifference,
                shown +
                    ": has no checksum; engine retry OUTPUT_DIR SOURCE has it loaded again, if "
                    "it is the engine's");
  }
  const std::string end = "  \"checksum\": \"" + Hash::of(text.substr(0, line + 1)) + "\"\n}";
  if (text.substr(line + 1) == end || text.substr(line + 1) == end + '\n') return {};
  return fail(ErrorCode::kDifference, shown +
                                          ": is not as it was written (checksum differs); engine "
                                          "retry OUTPUT_DIR SOURCE has it loaded again");
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text, const std::string& shown) {
  Result<void> whole = check_checksum(text, shown);
  if (!whole) return tl::make_unexpected(std::move(whole.error()));

  Manifest manifest;
  Fields fields;
  JsonElements reader("outputs", [&](const PlainJson& output) {
    manifest.outputs.push_back(read_output(fields, output, *manifest.words));
  });
  if (!reader.parse(text)) {
    return fail(ErrorCode::kInvalid, shown + ": is not JSON: " + reader.error());
  }
  const PlainJson& json = reader.document();
  Result<void> known = check_manifest_version(fields.number(json, "version"), shown);
  if (fields.error().empty() && !known) return tl::make_unexpected(std::move(known.error()));
  manifest.source = read_source(fields, fields.member(json, "source", PlainJson::value_t::object));
  const PlainJson& options = fields.member(json, "options", PlainJson::value_t::object);
  manifest.data_dropped = fields.text(options, "data") == "drop";
  manifest.units = fields.number(json, "units");
  fields.array(json, "outputs");
  if (manifest.data_dropped && json.contains("dropped")) {
    for (const PlainJson& dropped : fields.array(json, "dropped")) {
      for (const PlainJson& piece : fields.array(dropped, "pieces")) {
        manifest.dropped.push_back(read_piece(fields, piece));
      }
    }
  }
  if (!fields.error().empty()) {
    return fail(ErrorCode::kInvalid, shown + ": " + fields.error());
  }
  Result<void> possible = check_manifest(manifest, shown);
  if (!possible) return tl::make_unexpected(std::move(possible.error()));
  return manifest;
}

Result<Manifest> read_manifest(int tree, const std::string& shown_tree) {
  Result<MappedFile> file = MappedFile::open(tree, kManifestName);
  if (!file) {
    if (file.error().code == ErrorCode::kNotFound && is_output_directory(tree)) {
      return fail(ErrorCode::kNotFound, shown_tree +
                                            ": is a whole output directory; name one of "
                                            "the trees in it, a directory with a " +
                                            kManifestName);
    }
    file.error().message.insert(0, shown_tree + '/');
    return tl::make_unexpected(std::move(file.error()));
  }
  return parse_manifest(file->view(), shown_tree + '/' + kManifestName);
}

}  // namespace engine::io
