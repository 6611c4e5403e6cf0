#include "tests/support/test_tree.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "io/file/hash.h"

namespace engine::test {
namespace {

struct Building {
  std::string path;
  std::string bytes;
  std::string added;
  std::string pieces;
};

std::size_t mark_size(std::string_view encoding) {
  if (encoding == "utf-8-bom") return 3;
  return encoding.ends_with("-bom") ? 2 : 0;
}

void append(std::string& list, const std::string& item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

TestTree make_tree(std::string source, std::string path, std::string_view bytes,
                   const std::vector<Cut>& cuts, std::string_view encoding, std::string_view data) {
  std::vector<Building> outputs;
  std::size_t offset = mark_size(encoding);
  for (const Cut& cut : cuts) {
    auto output = std::find_if(outputs.begin(), outputs.end(),
                               [&](const Building& built) { return built.path == cut.output; });
    if (output == outputs.end())
      output = outputs.insert(outputs.end(), Building{cut.output, {}, {}, {}});
    if (!cut.added.empty()) {
      append(output->added, fmt::format(R"({{"offset": {}, "length": {}}})", output->bytes.size(),
                                        cut.added.size()));
      output->bytes += cut.added;
    }
    const std::string text =
        cut.text.empty() ? std::string(bytes.substr(offset, cut.length)) : cut.text;
    std::string piece =
        fmt::format(R"({{"offset": {}, "length": {}, "line": 1, "output_offset": {})", offset,
                    cut.length, output->bytes.size());
    if (text.size() != cut.length) piece += fmt::format(R"(, "output_length": {})", text.size());
    append(output->pieces, piece + (cut.raw ? R"(, "raw": true})" : "}"));
    output->bytes += text;
    offset += cut.length;
  }

  std::string list;
  TestTree made;
  for (const Building& output : outputs) {
    append(list, fmt::format(R"(
    {{"path": "{}", "kind": "definition", "size": {}, "hash": "{}", "units": 1, "objects": [],
     "added": [{}], "pieces": [{}]}})",
                             output.path, output.bytes.size(), io::Hash::of(output.bytes),
                             output.added, output.pieces));
    made.paths.push_back(output.path);
    made.bytes.push_back(output.bytes);
  }
  std::string dropped;
  if (data == "drop") {
    dropped = fmt::format(R"(
  "dropped": [{{"units": 1, "pieces": [{{"offset": {}, "length": {}, "line": 1}}]}}],)",
                          offset, bytes.size() - offset);
  }
  const std::string manifest = fmt::format(
      R"({{
  "version": 1,
  "source": {{"path": "{}", "size": {}, "hash": "{}", "encoding": "{}", "line_ends": "lf",
             "dialect": "generic", "dialect_evidence": [], "dialect_uncertain": false}},
  "options": {{"layout": "nested", "data": "{}", "metadata": true}},
  "units": {},
  "outputs": [{}
  ],{}
  "warnings": [],
)",
      source, bytes.size(), io::Hash::of(bytes), encoding, data, cuts.size(), list, dropped);
  made.tree.source = std::move(source);
  made.tree.path = std::move(path);
  made.manifest = with_checksum(manifest);
  made.tree.manifest = made.manifest;
  made.pieces.assign(made.bytes.begin(), made.bytes.end());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    made.tree.outputs.push_back({made.paths[i], std::span(&made.pieces[i], 1)});
  }
  return made;
}

std::string with_checksum(std::string_view manifest) {
  const std::string_view body =
      manifest.substr(0, std::min(manifest.find("  \"checksum\""), manifest.size()));
  return fmt::format("{}  \"checksum\": \"{}\"\n}}\n", body, io::Hash::of(body));
}

}  // namespace engine::test
