#include "engine/encoding.h"

#include <cassert>
#include <utility>

namespace engine {
namespace {

struct Known {
  Encoding encoding;
  std::string_view name;
  const char* iconv;
};

// In the order of the enumeration.
constexpr Known kKnown[] = {
    {Encoding::kAuto, "auto", nullptr},
    {Encoding::kUtf8, "utf-8", nullptr},
    {Encoding::kUtf16Le, "utf-16le", nullptr},
    {Encoding::kUtf16Be, "utf-16be", nullptr},
    {Encoding::k8bit, "8bit", nullptr},
    {Encoding::kCp1250, "cp1250", "CP1250"},
    {Encoding::kCp1251, "cp1251", "CP1251"},
    {Encoding::kCp1252, "cp1252", "CP1252"},
    {Encoding::kCp1253, "cp1253", "CP1253"},
    {Encoding::kCp1254, "cp1254", "CP1254"},
    {Encoding::kCp1255, "cp1255", "CP1255"},
    {Encoding::kCp1256, "cp1256", "CP1256"},
    {Encoding::kCp1257, "cp1257", "CP1257"},
    {Encoding::kCp1258, "cp1258", "CP1258"},
    {Encoding::kIso8859_1, "iso-8859-1", "ISO-8859-1"},
    {Encoding::kIso8859_2, "iso-8859-2", "ISO-8859-2"},
    {Encoding::kIso8859_5, "iso-8859-5", "ISO-8859-5"},
    {Encoding::kIso8859_7, "iso-8859-7", "ISO-8859-7"},
    {Encoding::kIso8859_8, "iso-8859-8", "ISO-8859-8"},
    {Encoding::kIso8859_9, "iso-8859-9", "ISO-8859-9"},
    {Encoding::kIso8859_13, "iso-8859-13", "ISO-8859-13"},
    {Encoding::kIso8859_15, "iso-8859-15", "ISO-8859-15"},
    {Encoding::kKoi8R, "koi8-r", "KOI8-R"},
    {Encoding::kKoi8U, "koi8-u", "KOI8-U"},
    {Encoding::kCp437, "cp437", "CP437"},
    {Encoding::kCp850, "cp850", "CP850"},
    {Encoding::kCp852, "cp852", "CP852"},
    {Encoding::kCp866, "cp866", "CP866"},
    {Encoding::kMacintosh, "macintosh", "MACINTOSH"},
    {Encoding::kTis620, "tis-620", "TIS-620"},
    // Not SJIS: there a backslash is a yen sign.
    {Encoding::kCp932, "cp932", "CP932"},
    {Encoding::kEucJp, "euc-jp", "EUC-JP"},
    {Encoding::kGbk, "gbk", "GBK"},
    {Encoding::kGb18030, "gb18030", "GB18030"},
    {Encoding::kBig5, "big5", "BIG5"},
    {Encoding::kEucKr, "euc-kr", "EUC-KR"},
    {Encoding::kCp949, "cp949", "CP949"},
};

// Written without the dashes and underscores that people put anywhere.
constexpr std::pair<std::string_view, Encoding> kOtherNames[] = {
    {"utf16", Encoding::kUtf16Le},      {"ucs2", Encoding::kUtf16Le},
    {"unicode", Encoding::kUtf16Le},    {"binary", Encoding::k8bit},
    {"ansi", Encoding::kCp1252},        {"latin1", Encoding::kIso8859_1},
    {"latin2", Encoding::kIso8859_2},   {"latin5", Encoding::kIso8859_9},
    {"latin7", Encoding::kIso8859_13},  {"latin9", Encoding::kIso8859_15},
    {"cyrillic", Encoding::kIso8859_5}, {"greek", Encoding::kIso8859_7},
    {"hebrew", Encoding::kIso8859_8},   {"ibm437", Encoding::kCp437},
    {"ibm850", Encoding::kCp850},       {"ibm852", Encoding::kCp852},
    {"ibm866", Encoding::kCp866},       {"mac", Encoding::kMacintosh},
    {"macroman", Encoding::kMacintosh}, {"sjis", Encoding::kCp932},
    {"shiftjis", Encoding::kCp932},     {"mskanji", Encoding::kCp932},
    {"windows31j", Encoding::kCp932},   {"ujis", Encoding::kEucJp},
    {"gb2312", Encoding::kGbk},         {"euccn", Encoding::kGbk},
    {"cp936", Encoding::kGbk},          {"cp54936", Encoding::kGb18030},
    {"cp950", Encoding::kBig5},         {"uhc", Encoding::kCp949},
    {"ksc56011987", Encoding::kEucKr},
};

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '-' || c == '_' || c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  if (out.rfind("windows125", 0) == 0) out.replace(0, 7, "cp");
  return out;
}

const Known& known(Encoding encoding) {
  const Known& found = kKnown[static_cast<std::size_t>(encoding)];
  assert(found.encoding == encoding);
  return found;
}

}  // namespace

std::string_view encoding_name(Encoding encoding) { return known(encoding).name; }

const char* iconv_name(Encoding encoding) { return known(encoding).iconv; }

std::optional<Encoding> encoding_from_name(std::string_view name) {
  const std::string wanted = plain(name);
  for (const Known& one : kKnown) {
    if (plain(one.name) == wanted) return one.encoding;
  }
  for (const auto& [other, encoding] : kOtherNames) {
    if (other == wanted) return encoding;
  }
  return std::nullopt;
}

std::string encoding_names() {
  std::string out;
  for (const Known& one : kKnown) {
    if (!out.empty()) out += ", ";
    out += one.name;
  }
  return out;
}

}  // namespace engine
