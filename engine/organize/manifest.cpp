#include "engine/organize/manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/organize/content_hash.h"
#include "engine/organize/json_writer.h"
#include "engine/sql/lines.h"

namespace engine::organize {
namespace {

constexpr std::uint64_t kFormatVersion = 1;

std::string_view kind_name(OutputKind kind) {
  switch (kind) {
    case OutputKind::kDefinition:
      return "definition";
    case OutputKind::kSegment:
      return "segment";
    case OutputKind::kOther:
      break;
  }
  return "other";
}

// Where each piece lies in the source, in bytes as they are on disk.
struct SourceRange {
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

class ManifestWriter {
 public:
  ManifestWriter(const SourceFacts& facts, const Options& options,
                 const std::vector<PlannedOutput>& outputs)
      : facts_(facts), options_(options), outputs_(outputs), json_(&text_) {}

  std::string write() {
    map_pieces();
    json_.begin_object();
    json_.new_line(2).key("version").value(kFormatVersion);
    write_source();
    write_options();
    json_.new_line(2).key("units").value(facts_.units);
    json_.new_line(2).key("outputs").begin_array();
    for (std::size_t i = 0; i < outputs_.size(); ++i) write_output(i);
    json_.new_line(2).end_array();
    write_warnings();
    text_ += ",\n";
    const std::string checksum = content_hash(text_);
    text_ += fmt::format("  \"checksum\": \"{}\"\n}}\n", checksum);
    return std::move(text_);
  }

 private:
  // Pieces in the order of the source, so that one walk over a transcoded text finds them all.
  void map_pieces() {
    struct Entry {
      std::size_t output;
      std::size_t piece;
    };
    std::vector<Entry> order;
    ranges_.resize(outputs_.size());
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      if (outputs_[i].draft == nullptr) continue;
      ranges_[i].resize(outputs_[i].draft->pieces.size());
      for (std::size_t k = 0; k < ranges_[i].size(); ++k) order.push_back({i, k});
    }
    const auto piece = [&](const Entry& e) -> const Piece& {
      return outputs_[e.output].draft->pieces[e.piece];
    };
    std::sort(order.begin(), order.end(),
              [&](const Entry& a, const Entry& b) { return piece(a).offset < piece(b).offset; });
    sql::SourceOffsets offsets(facts_.text, facts_.encoding);
    for (const Entry& entry : order) {
      SourceRange& range = ranges_[entry.output][entry.piece];
      range.offset = offsets.at(piece(entry).offset);
      range.length = offsets.at(piece(entry).offset + piece(entry).length) - range.offset;
    }
  }

  void write_source() {
    json_.new_line(2).key("source").begin_object();
    json_.key("path").value(facts_.path);
    json_.key("size").value(std::uint64_t{facts_.bytes.size()});
    json_.key("hash").value(facts_.hash);
    json_.new_line(4).key("encoding").value(facts_.encoding.name());
    json_.key("line_ends").value(sql::line_ends_name(facts_.text));
    json_.key("dialect").value(dialect_name(facts_.dialect.dialect));
    json_.new_line(4).key("dialect_evidence").begin_array();
    for (const std::string& clue : facts_.dialect.evidence) json_.value(clue);
    json_.end_array();
    json_.key("dialect_uncertain").value(facts_.dialect.uncertain);
    json_.end_object();
  }

  void write_options() {
    json_.new_line(2).key("options").begin_object();
    json_.key("layout").value("nested");
    json_.key("data").value("separate");
    json_.key("metadata").value(!options_.no_metadata);
    json_.end_object();
  }

  void write_output(std::size_t index) {
    const PlannedOutput& output = outputs_[index];
    json_.new_line(4).begin_object();
    json_.key("path").value(output.path);
    json_.key("kind").value(kind_name(output.draft ? output.draft->kind : OutputKind::kOther));
    json_.key("size").value(output.size);
    json_.key("hash").value(content_hash(output.bytes));
    json_.key("units").value(output.draft ? output.draft->units : 0);
    if (output.draft && !output.draft->objects.empty()) {
      json_.new_line(6).key("objects").begin_array();
      for (const ObjectRef& object : output.draft->objects) write_object(object);
      json_.end_array();
    }
    if (!output.added.empty()) {
      json_.new_line(6).key("added").begin_array();
      for (const PlannedOutput::Range& range : output.added) {
        json_.begin_object();
        json_.key("offset").value(range.offset).key("length").value(range.length);
        json_.end_object();
      }
      json_.end_array();
    }
    json_.new_line(6).key("pieces").begin_array();
    write_pieces(index);
    json_.end_array().end_object();
  }

  void write_pieces(std::size_t index) {
    const PlannedOutput& output = outputs_[index];
    for (std::size_t i = 0; i < ranges_[index].size(); ++i) {
      const Piece& piece = output.draft->pieces[i];
      const SourceRange& range = ranges_[index][i];
      json_.begin_object();
      json_.key("offset").value(range.offset).key("length").value(range.length);
      json_.key("line").value(piece.line).key("output_offset").value(output.piece_offsets[i]);
      if (range.length != piece.length) json_.key("output_length").value(piece.length);
      json_.end_object();
    }
    if (output.raw_tail_line != 0) {
      json_.begin_object();
      json_.key("offset").value(std::uint64_t{facts_.bytes.size() - 1});
      json_.key("length").value(std::uint64_t{1}).key("line").value(output.raw_tail_line);
      json_.key("output_offset").value(output.size - 1).key("raw").value(true);
      json_.end_object();
    }
  }

  void write_object(const ObjectRef& object) {
    json_.begin_object();
    json_.key("action").value(action_name(object.action));
    json_.key("type").value(object.type);
    json_.key("database").value(object.database);
    json_.key("schema").value(object.schema);
    json_.key("name").value(object.name);
    json_.key("parent").value(object.parent);
    if (object.parent_schema) json_.key("parent_schema").value(object.parent_schema);
    if (object.signature) json_.key("signature").value(object.signature);
    if (!object.constraint_kind.empty()) {
      json_.key("constraint_kind").value(object.constraint_kind);
    }
    json_.end_object();
  }

  void write_warnings() {
    json_.new_line(2).key("warnings").begin_array();
    for (const Warning& warning : *facts_.warnings) {
      json_.new_line(4).begin_object();
      json_.key("line").value(warning.line).key("column").value(warning.column);
      json_.key("message").value(warning.message);
      json_.end_object();
    }
    json_.end_array();
  }

  const SourceFacts& facts_;
  const Options& options_;
  const std::vector<PlannedOutput>& outputs_;
  std::vector<std::vector<SourceRange>> ranges_;
  std::string text_;
  JsonWriter json_;
};

}  // namespace

std::string manifest_text(const SourceFacts& facts, const Options& options,
                          const std::vector<PlannedOutput>& outputs) {
  return ManifestWriter(facts, options, outputs).write();
}

}  // namespace engine::organize
