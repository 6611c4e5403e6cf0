#include "engine/tree/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "engine/source/content_hash.h"
#include "engine/source/detect_encoding.h"
#include "engine/tree/json_writer.h"

namespace engine::tree {
namespace {

std::string hex_of(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

constexpr std::uint64_t kFormatVersion = 1;

std::string_view kind_name(organize::OutputKind kind) {
  switch (kind) {
    case organize::OutputKind::kDefinition:
      return "definition";
    case organize::OutputKind::kSegment:
      return "segment";
    case organize::OutputKind::kOther:
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
                 const std::pmr::deque<PlannedOutput>& outputs, const organize::Drafts& dropped,
                 std::pmr::memory_resource* memory)
      : facts_(facts),
        options_(options),
        outputs_(outputs),
        dropped_(dropped),
        memory_(memory),
        ranges_(memory),
        text_(memory),
        json_(&text_) {}

  std::pmr::string write() {
    map_pieces();
    json_.begin_object();
    json_.new_line(2).key("version").value(kFormatVersion);
    write_source();
    write_options();
    json_.new_line(2).key("units").value(facts_.units);
    json_.new_line(2).key("outputs").begin_array();
    for (const PlannedOutput& output : outputs_) write_output(output);
    json_.new_line(2).end_array();
    write_dropped();
    write_warnings();
    json_.flush();
    text_ += ",\n";
    const std::string checksum = source::content_hash(text_);
    text_ += fmt::format("  \"checksum\": \"{}\"\n}}\n", checksum);
    return std::move(text_);
  }

 private:
  // Pieces in the order of the source, so that one walk over a transcoded text finds them all.
  // Where nothing is transcoded there is nothing to walk.
  void map_pieces() {
    if (facts_.text.data() == facts_.bytes.data() + facts_.encoding.mark_length) return;
    std::pmr::vector<const organize::Piece*> order(memory_);
    for (const PlannedOutput& output : outputs_) {
      if (output.draft == nullptr) continue;
      for (const organize::Piece& piece : output.draft->pieces) order.push_back(&piece);
    }
    for (const organize::Draft& draft : dropped_) {
      for (const organize::Piece& piece : draft.pieces) order.push_back(&piece);
    }
    std::sort(order.begin(), order.end(), [](const organize::Piece* a, const organize::Piece* b) {
      return a->offset < b->offset;
    });
    source::SourceOffsets offsets(facts_.text, facts_.encoding);
    for (const organize::Piece* piece : order) {
      SourceRange& range = ranges_[piece];
      range.offset = offsets.at(piece->offset);
      range.length = offsets.at(piece->offset + piece->length) - range.offset;
    }
  }

  SourceRange range_of(const organize::Piece& piece) const {
    if (ranges_.empty()) return {piece.offset + facts_.encoding.mark_length, piece.length};
    return ranges_.at(&piece);
  }

  void write_source() {
    json_.new_line(2).key("source").begin_object();
    json_.key("path").value(facts_.path);
    // A name may be any bytes; JSON's text may not.
    if (source::utf8_prefix(facts_.path) != facts_.path.size()) {
      json_.key("path_hex").value(hex_of(facts_.path));
    }
    json_.key("size").value(std::uint64_t{facts_.bytes.size()});
    json_.key("hash").value(facts_.hash);
    json_.new_line(4).key("encoding").value(facts_.encoding.name());
    json_.key("line_ends").value(facts_.line_ends);
    json_.key("dialect").value(dialect_name(facts_.dialect.dialect));
    json_.new_line(4).key("dialect_evidence").begin_array();
    for (const std::string& clue : facts_.dialect.evidence) json_.value(clue);
    json_.end_array();
    json_.key("dialect_uncertain").value(facts_.dialect.uncertain);
    json_.end_object();
  }

  void write_options() {
    json_.new_line(2).key("options").begin_object();
    json_.key("layout").value(layout_name(options_.layout));
    json_.key("data").value(data_placement_name(options_.data));
    json_.key("metadata").value(!options_.no_metadata);
    json_.end_object();
  }

  void write_output(const PlannedOutput& output) {
    json_.new_line(4).begin_object();
    json_.key("path").value(output.path);
    json_.key("kind").value(
        kind_name(output.draft ? output.draft->kind : organize::OutputKind::kOther));
    json_.key("size").value(output.size);
    json_.key("hash").value(std::string_view(output.hash.data(), output.hash.size()));
    json_.key("units").value(output.draft ? output.draft->units : 0);
    if (output.draft && output.draft->elsewhere) json_.key("defined_elsewhere").value(true);
    if (output.draft && output.draft->leaves) json_.key("ends_client").value(true);
    if (output.draft) write_objects(*output.draft);
    if (output.draft) write_references(*output.draft);
    if (!output.behind.empty()) {
      json_.new_line(6).key("behind").begin_array();
      for (const std::size_t other : output.behind) json_.value(std::uint64_t{other});
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
    write_pieces(output);
    json_.end_array().end_object();
  }

  void write_dropped() {
    if (dropped_.empty()) return;
    json_.new_line(2).key("dropped").begin_array();
    for (const organize::Draft& draft : dropped_) {
      json_.new_line(4).begin_object();
      json_.key("units").value(draft.units);
      write_objects(draft);
      json_.new_line(6).key("pieces").begin_array();
      for (const organize::Piece& piece : draft.pieces) {
        const SourceRange range = range_of(piece);
        json_.begin_object();
        json_.key("offset").value(range.offset).key("length").value(range.length);
        json_.key("line").value(piece.line).end_object();
      }
      json_.end_array().end_object();
    }
    json_.new_line(2).end_array();
  }

  void write_objects(const organize::Draft& draft) {
    if (draft.objects.empty()) return;
    json_.new_line(6).key("objects").begin_array();
    for (const ObjectRef& object : draft.objects) write_object(object);
    json_.end_array();
  }

  void write_references(const organize::Draft& draft) {
    if (draft.references.empty()) return;
    json_.new_line(6).key("references").begin_array();
    for (const organize::DraftReference& one : draft.references) {
      const Reference& reference = one.reference;
      json_.begin_object();
      json_.key("kind").value(reference_kind_name(reference.kind));
      json_.key("object").value(std::uint64_t{one.object});
      if (reference.database) json_.key("database").value(reference.database);
      if (reference.schema) json_.key("schema").value(reference.schema);
      json_.key("name").value(reference.name).key("line").value(reference.line);
      if (reference.in_expression) json_.key("in_expression").value(true);
      if (reference.constraint) json_.key("constraint").value(reference.constraint);
      write_names("columns", reference.columns);
      write_names("target_columns", reference.target_columns);
      json_.end_object();
    }
    json_.end_array();
  }

  void write_names(const JsonKey& key, const std::vector<std::string>& names) {
    if (names.empty()) return;
    json_.key(key).begin_array();
    for (const std::string& name : names) json_.value(name);
    json_.end_array();
  }

  void write_pieces(const PlannedOutput& output) {
    for (std::size_t i = 0; i < output.piece_offsets.size(); ++i) {
      const organize::Piece& piece = output.draft->pieces[i];
      const SourceRange range = range_of(piece);
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
    if (object.minor) json_.key("minor").value(object.minor);
    if (object.dynamic) json_.key("dynamic").value(true);
    if (object.conditional) json_.key("conditional").value(true);
    write_names("search_path", object.search_path);
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
  const std::pmr::deque<PlannedOutput>& outputs_;
  const organize::Drafts& dropped_;
  std::pmr::memory_resource* const memory_;
  std::pmr::unordered_map<const organize::Piece*, SourceRange> ranges_;  // of a transcoded text
  std::pmr::string text_;
  JsonWriter json_;
};

}  // namespace

std::pmr::string manifest_text(const SourceFacts& facts, const Options& options,
                               const std::pmr::deque<PlannedOutput>& outputs,
                               const organize::Drafts& dropped, std::pmr::memory_resource* memory) {
  return ManifestWriter(facts, options, outputs, dropped, memory).write();
}

}  // namespace engine::tree
