#include "engine/tree/metadata_header.h"

#include <algorithm>

#include "engine/sql/lines.h"

namespace engine::tree {
namespace {

// One line, whatever the name holds: control characters become blanks.
void add_line(std::string_view label, std::string_view value, std::string_view line_end,
              std::string* out) {
  *out += label;
  const std::size_t begin = out->size();
  *out += value;
  std::replace_if(
      out->begin() + static_cast<std::ptrdiff_t>(begin), out->end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  *out += line_end;
}

std::string qualified(const std::optional<std::string>& schema, const std::string& name) {
  return schema ? *schema + "." + name : name;
}

// How many lines of the source: their places are in the manifest, so that a line that comes or goes
// above an object does not change its file.
std::string line_count(const organize::Draft& draft, std::string_view text) {
  std::uint64_t lines = 0;
  const char mark = sql::line_mark(text);
  for (const organize::Piece& piece : draft.pieces) {
    const std::uint64_t end = piece.offset + piece.length;
    const bool ends_line = piece.length == 0 || text[static_cast<std::size_t>(end) - 1] == mark;
    lines += piece.end_line - piece.line + !ends_line;
  }
  return std::to_string(lines);
}

// What else the unit of an object defines: ALTER TABLE ... ADD a, ADD b.
std::string others(const organize::Draft& draft) {
  std::string out;
  for (const ObjectRef& object : draft.objects) {
    const bool own = object.name == draft.own.name || !object.name;
    if (own || object.type != draft.own.type || object.action != Action::kCreate) continue;
    if (!out.empty()) out += ", ";
    out += *object.name;
  }
  return out;
}

// "Script Date: 9/12/2024 2:19:21 PM" of an SSMS header that stands before the object.
std::string_view script_date(const organize::Draft& draft, std::string_view text) {
  constexpr std::string_view kMark = "Script Date:";
  for (const organize::Piece& piece : draft.pieces) {
    const std::string_view head =
        text.substr(static_cast<std::size_t>(piece.offset),
                    static_cast<std::size_t>(std::min<std::uint64_t>(piece.length, 1024)));
    const std::size_t mark = head.find(kMark);
    if (mark == std::string_view::npos) continue;
    const std::size_t begin = head.find_first_not_of(' ', mark + kMark.size());
    if (begin == std::string_view::npos) continue;
    const std::size_t end = std::min(head.find("***", begin), head.find('\n', begin));
    if (end == std::string_view::npos) continue;
    std::string_view date = head.substr(begin, end - begin);
    while (!date.empty() && (date.back() == ' ' || date.back() == '\r')) date.remove_suffix(1);
    return date;
  }
  return {};
}

}  // namespace

std::string metadata_header(const organize::Draft& draft, std::string_view source,
                            std::string_view text, std::string_view line_end) {
  std::string out;
  out.reserve(256);  // as long as nearly all of them
  const auto add = [&](std::string_view label, std::string_view value) {
    add_line(label, value, line_end, &out);
  };
  if (draft.kind == organize::OutputKind::kDefinition) {
    std::string type = draft.own.type;
    if (!draft.constraint_kind.empty()) type = draft.constraint_kind + "_constraint";
    std::replace(type.begin(), type.end(), '_', ' ');
    add("-- Object type: ", type);
    if (!draft.own.name.empty())
      add("-- Object name: ", qualified(draft.own.schema, draft.own.name));
  } else {
    add("-- Object type: ", draft.kind == organize::OutputKind::kSegment ? "data" : "other");
  }
  if (draft.owner && !draft.owner->name.empty()) {
    add("-- Parent: ", qualified(draft.owner->schema, draft.owner->name));
  }
  add("-- Source: ", source);
  if (draft.kind == organize::OutputKind::kDefinition) {
    if (const std::string also = others(draft); !also.empty()) add("-- Also: ", also);
  }
  add("-- Lines: ", line_count(draft, text));
  if (const std::string_view date = script_date(draft, text); !date.empty()) {
    add("-- Script date: ", date);
  }
  return out;
}

// Short lines, because a client has a limit (SQL*Plus: 2,499 characters), and none that ends with
// '-', behind which it takes the next line for more of this one.
std::string lead_in(std::size_t length, std::size_t block, std::string_view line_end) {
  constexpr std::size_t kLine = 80;
  constexpr std::string_view kWhy = "-- Filled up, so that the rows share the disk's blocks ";
  constexpr std::string_view kShortest = "-- .";
  const std::size_t least = kShortest.size() + line_end.size();
  if (length == 0) return {};
  if (length < least) length += block;
  std::string out;
  while (out.size() < length) {
    std::size_t size = std::min(length - out.size(), kLine);
    const std::size_t rest = length - out.size() - size;
    if (rest > 0 && rest < least) size -= least;
    std::string line(out.empty() && size == kLine ? kWhy : kShortest);
    line.resize(size - line_end.size(), '.');
    out.append(line).append(line_end);
  }
  return out;
}

}  // namespace engine::tree
