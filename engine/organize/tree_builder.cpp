#include "engine/organize/tree_builder.h"

#include <utility>

#include "engine/organize/layout.h"
#include "engine/organize/manifest.h"
#include "engine/organize/metadata_header.h"

namespace engine::organize {

TreeBuilder::TreeBuilder(const SourceFacts& facts, const Options& options)
    : facts_(facts), options_(options) {
  const std::size_t line = facts.text.find('\n');
  crlf_ = line != std::string_view::npos && line > 0 && facts.text[line - 1] == '\r';
}

const Tree& TreeBuilder::build(std::vector<Draft> drafts) {
  drafts_ = std::move(drafts);
  std::vector<std::string> paths = nested_paths(drafts_, facts_.dialect.dialect);
  planned_.reserve(drafts_.size() + 1);
  for (std::size_t i = 0; i < drafts_.size(); ++i) plan(drafts_[i], std::move(paths[i]));
  add_raw_tail();
  tree_.source = facts_.path;
  tree_.path = facts_.tree_path;
  tree_.manifest = manifest_text(facts_, options_, planned_);
  tree_.outputs.reserve(planned_.size());
  for (PlannedOutput& output : planned_) {
    tree_.outputs.push_back({std::move(output.path), std::move(output.bytes)});
  }
  return tree_;
}

void TreeBuilder::add_bytes(std::string text, PlannedOutput* output) {
  if (text.empty()) return;
  output->added.push_back({output->size, text.size()});
  output->size += text.size();
  added_text_.push_back(std::move(text));
  output->bytes.push_back(added_text_.back());
}

void TreeBuilder::plan(const Draft& draft, std::string path) {
  PlannedOutput output;
  output.path = std::move(path);
  output.draft = &draft;
  if (!options_.no_metadata) {
    add_bytes(metadata_header(draft, facts_.path, facts_.text, line_end()), &output);
  }
  add_bytes(std::string(draft.copy_header), &output);
  const Piece* previous = nullptr;
  for (const Piece& piece : draft.pieces) {
    if (previous != nullptr) {
      // Two stretches from different places: each on lines of its own, and in T-SQL each a batch.
      const std::string_view before = output.bytes.back();
      std::string between(before.empty() || before.back() == '\n' ? "" : line_end());
      if (facts_.dialect.dialect == Dialect::kTsql && !previous->batch_ended) {
        between += "GO";
        between += line_end();
      }
      add_bytes(std::move(between), &output);
    }
    output.piece_offsets.push_back(output.size);
    output.bytes.push_back(facts_.text.substr(static_cast<std::size_t>(piece.offset),
                                              static_cast<std::size_t>(piece.length)));
    output.size += piece.length;
    previous = &piece;
  }
  if (draft.copy_goes_on) add_bytes("\\." + std::string(line_end()), &output);
  planned_.push_back(std::move(output));
}

// The odd last byte of a UTF-16 source is no character; it goes behind the last output as it is.
void TreeBuilder::add_raw_tail() {
  const std::size_t size = facts_.bytes.size();
  if (!sql::is_utf16(facts_.encoding.encoding) || (size - facts_.encoding.mark_length) % 2 == 0) {
    return;
  }
  if (planned_.empty()) {
    PlannedOutput output;
    output.path = "other/0001.sql";
    planned_.push_back(std::move(output));
  }
  PlannedOutput& last = planned_.back();
  last.raw_tail = true;
  last.bytes.push_back(facts_.bytes.substr(size - 1));
  last.size += 1;
}

}  // namespace engine::organize
