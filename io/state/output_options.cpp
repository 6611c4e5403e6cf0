#include "io/state/output_options.h"

#include <fmt/format.h>

#include <array>

#include "engine/glob.h"

namespace engine::io {
namespace {

constexpr std::array<std::string_view, 3> kLayouts = {"nested", "compact", "flat"};
constexpr std::array<std::string_view, 3> kData = {"separate", "inline", "drop"};

}  // namespace

OutputOptions::OutputOptions(const Options& options, std::string_view engine_version)
    : options_(options),
      common_(fmt::format("engine {} layout={} data={} metadata={} segment_size={}", engine_version,
                          kLayouts[static_cast<std::size_t>(options.layout)],
                          kData[static_cast<std::size_t>(options.data)],
                          options.no_metadata ? "no" : "yes", options.segment_size)) {}

Dialect OutputOptions::dialect_of(const std::string& source) const {
  const Dialect* const named = last_match(options_.dialect_globs, source);
  return named == nullptr ? options_.dialect : *named;
}

std::vector<Dialect> OutputOptions::dialects() const {
  std::vector<Dialect> dialects{options_.dialect};
  for (const auto& [glob, dialect] : options_.dialect_globs) dialects.push_back(dialect);
  return dialects;
}

std::string OutputOptions::text(Dialect dialect) const {
  return fmt::format("{} dialect={}", common_, dialect_name(dialect));
}

}  // namespace engine::io
