#include "engine/source/legacy_text.h"

#include <iconv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace engine::source {
namespace {

// No stretch between two runs of ASCII is longer, but for the rest of a character.
constexpr std::size_t kLongestStretch = 4096;

bool is_seven_bits(char c) { return static_cast<unsigned char>(c) < 0x80; }

}  // namespace

class LegacyDecoder::Iconv {
 public:
  explicit Iconv(Encoding encoding) : handle_(::iconv_open("UTF-8", iconv_name(encoding))) {}
  ~Iconv() {
    if (is_open()) ::iconv_close(handle_);
  }
  Iconv(const Iconv&) = delete;
  Iconv& operator=(const Iconv&) = delete;

  enum class Outcome { kDone, kCutOff, kWrong };

  // Decodes all of `bytes` into `out`, or says that its last character is cut off.
  Outcome decode(std::string_view bytes, std::string* out) {
    if (!is_open()) return Outcome::kWrong;
    out->resize(3 * bytes.size() + 16);
    ::iconv(handle_, nullptr, nullptr, nullptr, nullptr);
    char* from = const_cast<char*>(bytes.data());  // iconv does not write there
    std::size_t left = bytes.size();
    char* to = out->data();
    std::size_t room = out->size();
    const std::size_t inexact = ::iconv(handle_, &from, &left, &to, &room);
    if (inexact == static_cast<std::size_t>(-1)) {
      return errno == EINVAL ? Outcome::kCutOff : Outcome::kWrong;
    }
    ::iconv(handle_, nullptr, nullptr, &to, &room);  // what it kept, to compose it
    out->resize(out->size() - room);
    return inexact == 0 ? Outcome::kDone : Outcome::kWrong;
  }

 private:
  bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  iconv_t handle_;
};

LegacyDecoder::LegacyDecoder(Encoding encoding)
    : iconv_(std::make_unique<Iconv>(encoding)), encoder_(encoding) {}
LegacyDecoder::~LegacyDecoder() = default;

// From a byte above ASCII to the next ASCII byte that is no part of a character: its size; 0 where
// it does not come back. The second byte of a character may be ASCII, so the end is found by
// trying.
std::size_t LegacyDecoder::stretch(std::string_view bytes, std::size_t* read) {
  constexpr std::size_t kMostOfACharacter = 4;
  const std::string_view head = bytes.substr(0, kLongestStretch);
  auto size = static_cast<std::size_t>(std::find_if(head.begin(), head.end(), is_seven_bits) -
                                       head.begin());
  for (std::size_t tried = 0; tried < kMostOfACharacter; ++tried, ++size) {
    const Iconv::Outcome outcome = iconv_->decode(bytes.substr(0, size), &utf8_);
    if (outcome == Iconv::Outcome::kWrong) return 0;
    if (outcome == Iconv::Outcome::kCutOff) continue;
    back_.clear();
    if (!encoder_.add(utf8_, back_) || back_ != bytes.substr(0, size)) return 0;
    *read = size;
    return utf8_.size();
  }
  return 0;
}

LegacyDecoder::Result LegacyDecoder::decode(std::string_view bytes, std::span<char> out) {
  Result done;
  while (done.read < bytes.size()) {
    const std::string_view rest = bytes.substr(done.read);
    const std::size_t room = out.size() - done.written;
    const auto plain = static_cast<std::size_t>(
        std::find_if_not(rest.begin(), rest.end(), is_seven_bits) - rest.begin());
    const std::size_t copied = std::min(plain, room);
    std::memcpy(out.data() + done.written, rest.data(), copied);
    done.read += copied;
    done.written += copied;
    if (copied < plain || plain == rest.size()) break;
    std::size_t read = 0;
    const std::size_t size = stretch(rest.substr(plain), &read);
    if (size == 0 || size > out.size() - done.written) break;
    std::memcpy(out.data() + done.written, utf8_.data(), size);
    done.read += read;
    done.written += size;
  }
  return done;
}

std::size_t most_utf8_size(std::string_view bytes) {
  // A character of one byte comes to three at most, one of two to three, one of four to four.
  const auto plain =
      static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), is_seven_bits));
  return plain + 3 * (bytes.size() - plain);
}

}  // namespace engine::source
