#include "engine/inspect.h"

#include <iterator>
#include <span>
#include <string>
#include <utility>

#include "engine/source/detect_encoding.h"
#include "engine/source/source_text.h"
#include "engine/split.h"
#include "engine/sql/classifier.h"
#include "engine/sql/detect_dialect.h"
#include "engine/sql/splitter.h"

namespace engine {
namespace {

void append_objects(const std::vector<sql::Statement>& statements, Part* part) {
  for (const sql::Statement& statement : statements) {
    part->objects.insert(part->objects.end(), statement.objects.begin(), statement.objects.end());
  }
}

// The parts of a text, each with its objects.
void append_parts(std::string_view text, Dialect dialect, std::vector<Part>* parts,
                  std::vector<Warning>* warnings) {
  sql::Splitter splitter(text, dialect);
  sql::Classifier classifier(text, dialect);
  sql::SplitPart found;
  while (splitter.next(&found)) {
    Part part;
    part.kind = found.kind;
    part.offset = found.offset;
    part.length = found.length;
    part.line = found.line;
    if (found.kind != PartKind::kGap) {
      append_objects(classifier.classify(found), &part);
      while (classifier.has_more()) append_objects(classifier.classify_more(), &part);
    }
    parts->push_back(std::move(part));
  }
  *warnings = splitter.warnings();
}

// From positions of the text to positions of the source. The byte order mark, and the odd last byte
// of UTF-16, are gaps of their own.
void to_source_offsets(std::string_view text, const source::EncodingGuess& encoding,
                       std::uint64_t source_size, std::vector<Part>* parts) {
  source::SourceOffsets offsets(text, encoding);
  for (Part& part : *parts) {
    const std::uint64_t end = part.offset + part.length;
    part.offset = offsets.at(part.offset);
    part.length = offsets.at(end) - part.offset;
  }
  if (encoding.mark_length > 0) {
    parts->insert(parts->begin(), Part{PartKind::kGap, 0, encoding.mark_length, 1, {}});
  }
  const std::uint64_t end = parts->empty() ? 0 : parts->back().offset + parts->back().length;
  if (end < source_size) {
    const std::uint64_t line = parts->empty() ? 1 : parts->back().line;
    parts->push_back({PartKind::kGap, end, source_size - end, line, {}});
  }
}

}  // namespace

std::vector<Part> split(std::string_view text, Dialect dialect) {
  if (dialect == Dialect::kAuto) dialect = sql::detect_dialect(text).dialect;
  std::vector<Part> parts;
  std::vector<Warning> warnings;
  append_parts(text, dialect, &parts, &warnings);
  return parts;
}

Result<Inspection> inspect(std::string_view file_bytes, Dialect dialect, Encoding encoding) {
  std::string transcoded;
  const auto in_memory = [&](std::size_t size) -> Result<std::span<char>> {
    transcoded.resize(size);
    return std::span<char>(transcoded);
  };
  Result<source::DecodedText> result = source::decode(file_bytes, encoding, in_memory);
  if (!result) return tl::make_unexpected(std::move(result.error()));
  const source::DecodedText& decoded = *result;
  const std::string_view text = decoded.text;
  Inspection inspection;
  inspection.encoding = decoded.encoding.name();
  inspection.encoding_evidence = decoded.encoding.evidence;
  inspection.dialect = dialect;
  sql::DialectGuess guess;
  if (dialect == Dialect::kAuto) {
    guess = sql::detect_dialect(text);
    inspection.dialect = guess.dialect;
    inspection.evidence = std::move(guess.evidence);
    inspection.uncertain = guess.uncertain;
  }
  append_parts(text, inspection.dialect, &inspection.parts, &inspection.warnings);
  source::warn_of_whole(decoded, guess, &inspection.warnings);
  to_source_offsets(text, decoded.encoding, file_bytes.size(), &inspection.parts);
  return inspection;
}

}  // namespace engine
