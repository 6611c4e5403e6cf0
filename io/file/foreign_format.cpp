#include "io/file/foreign_format.h"

#include <cstddef>

namespace engine::io {
namespace {

using std::string_view_literals::operator""sv;

struct Mark {
  std::size_t offset;
  std::string_view bytes;
  ForeignFormat format;
};

constexpr std::string_view kUnpack = "unpack it";
constexpr std::string_view kSuffix = "give it the suffix of its kind, or decompress it";

constexpr Mark kMarks[] = {
    {0, "PGDMP"sv, {"pg_dump's custom format", "pg_restore -f FILE.sql makes SQL of it"}},
    {0, "SQLite format 3\0"sv, {"a SQLite database", "sqlite3 FILE .dump makes SQL of it"}},
    {257, "ustar"sv, {"a tar archive", kUnpack}},
    {0, "PK\x03\x04"sv, {"a zip archive", kUnpack}},
    {0, "7z\xbc\xaf\x27\x1c"sv, {"a 7z archive", kUnpack}},
    {0, "Rar!\x1a\x07"sv, {"a rar archive", kUnpack}},
    {0, "\x1f\x8b\x08"sv, {"compressed by gzip", kSuffix}},
    {0, "\x28\xb5\x2f\xfd"sv, {"compressed by zstd", kSuffix}},
    {0, "\xfd\x37zXZ\0"sv, {"compressed by xz", kSuffix}},
    {4, "1AY&SY"sv, {"compressed by bzip2", kSuffix}},
};

}  // namespace

std::optional<ForeignFormat> foreign_format(std::string_view bytes) {
  for (const Mark& mark : kMarks) {
    if (bytes.size() >= mark.offset && bytes.substr(mark.offset).starts_with(mark.bytes)) {
      return mark.format;
    }
  }
  return std::nullopt;
}

}  // namespace engine::io
