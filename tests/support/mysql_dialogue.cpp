#include <cstdint>

#include "engine/sql/ascii.h"
#include "tests/support/dialogue.h"

namespace engine::test {
namespace {

constexpr std::size_t kLongest = 0xffffff;  // of one packet; a longer message goes on in the next

std::string little_endian(std::uint32_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

class MysqlDialogue final : public Dialogue {
 public:
  using Dialogue::Dialogue;

  std::string greeting() override {
    // PLUGIN_AUTH, SECURE_CONNECTION, TRANSACTIONS, PROTOCOL_41, CONNECT_WITH_DB, LONG_PASSWORD
    constexpr std::uint32_t kCan = 0x80000 | 0x8000 | 0x2000 | 0x200 | 0x8 | 0x1;
    const std::string zero(1, '\0');
    return packet(0, "\x0a" + ("5.5.5-10.11.0-MariaDB" + zero) + little_endian(1, 4) +
                         ("abcdefgh" + zero) + little_endian(kCan & 0xffff, 2) + "\x2d" +
                         little_endian(kAutocommit, 2) + little_endian(kCan >> 16, 2) + "\x15" +
                         std::string(10, '\0') + ("abcdefghijkl" + zero) +
                         ("mysql_native_password" + zero));
  }

  std::size_t take(std::string_view input, std::string* output) override {
    std::string body;
    std::size_t end = 0;
    std::size_t size = kLongest;
    unsigned sequence = 0;
    while (size == kLongest) {
      if (input.size() < end + 4) return 0;
      const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input[end + i]); };
      size = byte(0) | std::size_t{byte(1)} << 8 | std::size_t{byte(2)} << 16;
      sequence = byte(3);
      if (input.size() < end + 4 + size) return 0;
      body += input.substr(end + 4, size);
      end += 4 + size;
    }
    if (greeted_) {
      follow(body);
    } else {
      greeted_ = true;
    }
    if (!ended_) *output += packet(sequence + 1, ok());
    return end;
  }

 private:
  static constexpr std::uint32_t kAutocommit = 2;
  static constexpr std::uint32_t kNoBackslashEscapes = 512;
  static constexpr std::uint32_t kAnsiQuotes = 0x8000;

  void follow(const std::string& body) {
    constexpr char kQuit = 1, kInitDb = 2, kQuery = 3;
    const std::string text = body.substr(1);
    if (body[0] == kQuit) ended_ = true;
    if (body[0] == kInitDb) {  // USE asks first which database is the current one
      if (!queries_->empty() && queries_->back() == "SELECT DATABASE()") queries_->pop_back();
      queries_->push_back(text);
    }
    if (body[0] != kQuery) return;
    queries_->push_back(text);
    const std::string folded = sql::lower(text);
    if (folded.rfind("set sql_mode", 0) != 0) return;
    const auto names = [&](const char* mode) { return folded.find(mode) != std::string::npos; };
    status_ = kAutocommit;
    if (names("no_backslash_escapes")) status_ |= kNoBackslashEscapes;
    if (names("ansi")) status_ |= kAnsiQuotes;
  }

  std::string ok() const {
    return std::string(3, '\0') + little_endian(status_, 2) + std::string(2, '\0');
  }

  static std::string packet(unsigned sequence, const std::string& body) {
    return little_endian(static_cast<std::uint32_t>(body.size()), 3) + static_cast<char>(sequence) +
           body;
  }

  std::uint32_t status_ = kAutocommit;
  bool greeted_ = false;
};

}  // namespace

std::unique_ptr<Dialogue> make_mysql_dialogue(std::vector<std::string>* queries) {
  return std::make_unique<MysqlDialogue>(queries);
}

}  // namespace engine::test
