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

std::string OutputOptions::text(const std::string& source) const {
  const Dialect* const named = last_match(options_.dialect_globs, source);
  const Dialect dialect = named == nullptr ? options_.dialect : *named;
  return fmt::format("{} dialect={}", common_, dialect_name(dialect));
}

}  // namespace engine::io
