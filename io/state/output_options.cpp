#include "io/state/output_options.h"

#include <fmt/format.h>

#include <set>

#include "engine/glob.h"

namespace engine::io {
OutputOptions::OutputOptions(const Options& options, std::string_view engine_version)
    : options_(options),
      common_(fmt::format("engine {} layout={} data={} metadata={} segment_size={}", engine_version,
                          layout_name(options.layout), data_placement_name(options.data),
                          options.no_metadata ? "no" : "yes", options.segment_size) +
              (options.reflink == Reflink::kNever ? " reflink=never" : "")) {}

OutputOptions::Choice OutputOptions::choice_of(const std::string& source) const {
  const Dialect* const dialect = last_match(options_.dialect_globs, source);
  const Encoding* const encoding = last_match(options_.encoding_globs, source);
  return {dialect == nullptr ? options_.dialect : *dialect,
          encoding == nullptr ? options_.encoding : *encoding};
}

std::vector<OutputOptions::Choice> OutputOptions::choices() const {
  std::set<Dialect> dialects{options_.dialect};
  for (const auto& [glob, dialect] : options_.dialect_globs) dialects.insert(dialect);
  std::set<Encoding> encodings{options_.encoding};
  for (const auto& [glob, encoding] : options_.encoding_globs) encodings.insert(encoding);
  std::vector<Choice> choices;
  for (const Dialect dialect : dialects) {
    for (const Encoding encoding : encodings) choices.push_back({dialect, encoding});
  }
  return choices;
}

// Nothing is said of an encoding that is told by the bytes.
std::string OutputOptions::text(const Choice& choice) const {
  std::string text = fmt::format("{} dialect={}", common_, dialect_name(choice.dialect));
  if (choice.encoding == Encoding::kAuto) return text;
  return text.append(" encoding=").append(encoding_name(choice.encoding));
}

}  // namespace engine::io
