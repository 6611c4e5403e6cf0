// TreeBuilder: from drafts to the tree as it will be written: paths, headers, bytes, manifest.
//
// Thread contract: confined to one thread, but that a team may help with the hashes; borrows the
// text, which must outlive the tree. Memory: outputs are views into the text; only what is added
// (headers, manifest) is held.
#pragma once

#include <cstdint>
#include <deque>
#include <memory_resource>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dependency/need_graph.h"
#include "engine/dialect.h"
#include "engine/options.h"
#include "engine/organize/draft.h"
#include "engine/sink.h"
#include "engine/source/content_hash.h"
#include "engine/source/detect_encoding.h"
#include "engine/source_report.h"
#include "engine/sql/detect_dialect.h"
#include "engine/team.h"

namespace engine::tree {

/// What is known of a source besides its parts.
struct SourceFacts {
  std::string path;
  std::string tree_path;
  std::string_view bytes;      ///< as on disk (decompressed)
  std::string_view text;       ///< as split
  std::string hash;            ///< of `bytes`, as content_hash() writes it
  std::string_view line_ends;  ///< of `text`: "lf"
  source::EncodingGuess encoding;
  sql::DialectGuess dialect;
  std::uint64_t units = 0;
  const std::vector<Warning>* warnings = nullptr;
  std::size_t shared_block = 0;  ///< Sink::block_shared_with() the source
};

/// One output with what its manifest entry tells beyond the draft.
struct PlannedOutput {
  explicit PlannedOutput(std::pmr::memory_resource* memory)
      : path(memory), bytes(memory), added(memory), piece_offsets(memory), behind(memory) {}

  struct Range {
    std::uint64_t offset = 0;
    std::uint64_t length = 0;
  };
  std::pmr::string path;
  const organize::Draft* draft = nullptr;
  std::pmr::vector<std::string_view> bytes;
  std::pmr::vector<Range> added;                  ///< in the output
  std::pmr::vector<std::uint64_t> piece_offsets;  ///< in the output, one for each piece
  std::uint64_t size = 0;
  source::HashText hash{};               ///< of `bytes`, as content_hash() writes it
  std::pmr::vector<std::size_t> behind;  ///< outputs that must be loaded before it
  /// The odd last byte of UTF-16 follows the last piece, and stands in this line; else 0.
  std::uint64_t raw_tail_line = 0;
};

class TreeBuilder {
 public:
  /// All three outlive it; what it makes lies in `memory`.
  TreeBuilder(const SourceFacts& facts, const Options& options, std::pmr::memory_resource* memory);

  /// The tree's views hold as long as this builder. `team` may be null. Where it is given up
  /// meanwhile the tree is not whole.
  Tree& build(organize::Drafts drafts, dependency::NeedGraph needs, Team* team,
              const std::stop_token& given_up = {});

 private:
  void take_dropped(std::pmr::vector<std::pmr::string>* paths);
  void plan(const organize::Draft& draft, std::pmr::string path,
            std::pmr::vector<std::size_t> behind);
  void add_bytes(std::string_view text, PlannedOutput* output);
  void add_lead_in(PlannedOutput* output);
  void add_raw_tail();
  void begin_line(PlannedOutput* output);
  void separate(const organize::Draft& draft, const organize::Piece& previous,
                PlannedOutput* output);
  void change_terminator(std::string_view from, std::string_view to, PlannedOutput* output);
  std::string_view line_end() const { return crlf_ ? "\r\n" : "\n"; }

  const SourceFacts& facts_;
  const Options& options_;
  std::pmr::memory_resource* const memory_;
  bool crlf_;
  bool has_batches_ = false;  // the source ends them by GO
  organize::Drafts drafts_;
  organize::Drafts dropped_;  // rows, with DataPlacement::kDrop
  std::pmr::deque<PlannedOutput> planned_;
  std::pmr::deque<std::pmr::string> added_text_;
  std::pmr::string manifest_;
  Tree tree_;
};

}  // namespace engine::tree
