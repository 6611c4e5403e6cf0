#include "io/file/manifest.h"

#include <cerrno>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "io/file/hash.h"
#include "io/file/manifest_check.h"
#include "io/file/mapped_file.h"
#include "io/file/output_root.h"

namespace engine::io {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kVersion = 1;
// Takes values out of the document and keeps the first thing that is wrong with it, so that reading
// goes straight through.
class Fields {
 public:
  const std::string& error() const { return error_; }

  const Json& member(const Json& object, const char* key, Json::value_t type) {
    static const Json nothing;
    const auto found = object.is_object() ? object.find(key) : object.end();
    const bool present = object.is_object() && found != object.end();
    if (present && (found->type() == type ||
                    (type == Json::value_t::number_unsigned && found->is_number_unsigned()))) {
      return *found;
    }
    wrong(std::string("\"") + key + (present ? "\" has the wrong type" : "\" is missing"));
    return nothing;
  }
  std::string text(const Json& object, const char* key) {
    const Json& value = member(object, key, Json::value_t::string);
    return value.is_string() ? value.get<std::string>() : std::string();
  }
  std::uint64_t number(const Json& object, const char* key) {
    const Json& value = member(object, key, Json::value_t::number_unsigned);
    return value.is_number_unsigned() ? value.get<std::uint64_t>() : 0;
  }
  std::uint64_t number(const Json& object, const char* key, std::uint64_t otherwise) {
    return object.is_object() && object.contains(key) ? number(object, key) : otherwise;
  }
  const Json& array(const Json& object, const char* key) {
    return member(object, key, Json::value_t::array);
  }
  void wrong(std::string what) {
    if (error_.empty()) error_ = std::move(what);
  }

 private:
  std::string error_;
};

Manifest::Output read_output(Fields& fields, const Json& json) {
  Manifest::Output output;
  output.path = fields.text(json, "path");
  output.kind = fields.text(json, "kind");
  output.size = fields.number(json, "size");
  output.hash = fields.text(json, "hash");
  output.units = fields.number(json, "units");
  if (json.is_object() && json.contains("added")) {
    for (const Json& added : fields.array(json, "added")) {
      output.added.push_back({fields.number(added, "offset"), fields.number(added, "length")});
    }
  }
  for (const Json& from : fields.array(json, "pieces")) {
    Manifest::Piece piece;
    piece.offset = fields.number(from, "offset");
    piece.length = fields.number(from, "length");
    piece.line = fields.number(from, "line");
    piece.output_offset = fields.number(from, "output_offset");
    piece.output_length = fields.number(from, "output_length", piece.length);
    if (from.is_object() && from.contains("raw")) {
      piece.raw = fields.member(from, "raw", Json::value_t::boolean) == Json(true);
    }
    output.pieces.push_back(piece);
  }
  return output;
}

Manifest::Source read_source(Fields& fields, const Json& json) {
  Manifest::Source source;
  source.path = fields.text(json, "path");
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
    return fail(ErrorCode::kDifference, shown + ": has no checksum; load its source again");
  }
  const std::string end = "  \"checksum\": \"" + Hash::of(text.substr(0, line + 1)) + "\"\n}";
  if (text.substr(line + 1) == end || text.substr(line + 1) == end + '\n') return {};
  return fail(ErrorCode::kDifference,
              shown + ": is not as it was written (checksum differs); load its source again");
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view text, const std::string& shown) {
  Result<void> whole = check_checksum(text, shown);
  if (!whole) return tl::make_unexpected(std::move(whole.error()));

  Manifest manifest;
  Fields fields;
  // Every output is taken over as it closes and dropped from the document, so that the document of
  // a big tree is never in memory as a whole.
  std::string section;
  const auto take_output = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1) section = parsed.get<std::string>();
    if (event != Json::parse_event_t::object_end || depth != 2 || section != "outputs") return true;
    manifest.outputs.push_back(read_output(fields, parsed));
    return false;
  };
  Json json;
  try {
    json = Json::parse(text, take_output);
  } catch (const Json::exception& bad) {  // the library throws; we do not
    return fail(ErrorCode::kInvalid, shown + ": is not JSON: " + bad.what());
  }
  if (const std::uint64_t version = fields.number(json, "version");
      fields.error().empty() && version != kVersion) {
    return fail(ErrorCode::kInvalid, shown + ": has version " + std::to_string(version) +
                                         ", this program reads version " +
                                         std::to_string(kVersion));
  }
  manifest.source = read_source(fields, fields.member(json, "source", Json::value_t::object));
  const Json& options = fields.member(json, "options", Json::value_t::object);
  manifest.data_dropped = fields.text(options, "data") == "drop";
  manifest.units = fields.number(json, "units");
  fields.array(json, "outputs");
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
    return fail(file.error().code, shown_tree + '/' + file.error().message);
  }
  return parse_manifest(file->view(), shown_tree + '/' + kManifestName);
}

}  // namespace engine::io
