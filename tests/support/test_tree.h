// TestTree: a tree with a valid manifest, put together by hand from a source and how it is cut.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/sink.h"

namespace engine::test {

/// A stretch of the source that goes to `output`. Its text there is the source's own bytes, or
/// `text` where it was transcoded. `added` comes before it and is not of the source.
struct Cut {
  std::string output;
  std::uint64_t length = 0;
  std::string text = {};
  bool raw = false;
  std::string added = {};
};

struct TestTree {
  Tree tree;
  // What `tree` refers to, of its outputs and besides:
  std::vector<std::string> paths;
  std::vector<std::string> bytes;
  std::vector<std::string_view> pieces;
  std::string manifest;
};

/// The cuts follow each other in the source, behind its mark. With `data` "drop", what is left of
/// it was dropped.
TestTree make_tree(std::string source, std::string path, std::string_view bytes,
                   const std::vector<Cut>& cuts, std::string_view encoding = "utf-8",
                   std::string_view data = "separate");

/// Puts the right checksum under the manifest, after its text was changed.
std::string with_checksum(std::string_view manifest);

}  // namespace engine::test
