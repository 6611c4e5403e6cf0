// inspect(): what the engine sees in the bytes of one source: encoding, dialect, parts and objects.
//
// Thread contract: pure; any thread.
// Units: offsets and lengths are bytes of the source as it lies on disk, in whatever encoding.
// Errors: kChanged when the bytes changed meanwhile. Text that had to be resynchronised is none: it
// is told in `warnings`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/encoding.h"
#include "engine/part.h"
#include "engine/result.h"
#include "engine/source_report.h"

namespace engine {

struct Inspection {
  std::vector<Part> parts;  ///< they tile the source
  Dialect dialect = Dialect::kGeneric;
  std::vector<std::string> evidence;  ///< why that dialect, strongest first
  bool uncertain = false;
  std::string encoding;           ///< as in manifest.json: "utf-16le-bom"
  std::string encoding_evidence;  ///< why that encoding
  std::vector<Warning> warnings;
};

/// `file_bytes` as on disk, decompressed. What is kAuto is decided from the bytes.
Result<Inspection> inspect(std::string_view file_bytes, Dialect dialect,
                           Encoding encoding = Encoding::kAuto);

}  // namespace engine
