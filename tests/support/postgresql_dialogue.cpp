#include <algorithm>
#include <cctype>
#include <cstdint>

#include "engine/sql/ascii.h"
#include "tests/support/dialogue.h"
#include "tests/support/nested_comment.h"

namespace engine::test {
namespace {

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (const unsigned shift : {24u, 16u, 8u, 0u}) out += static_cast<char>(value >> shift & 0xff);
  return out;
}

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes.substr(0, 4)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

std::string message(char kind, const std::string& body = {}) {
  return kind + big_endian(static_cast<std::uint32_t>(body.size()) + 4) + body;
}

std::string parameter(std::string_view name, std::string_view value) {
  return message('S', std::string(name) + '\0' + std::string(value) + '\0');
}

// The query in lower case, each run of white space and each comment one space, literals empty: what
// the server's grammar would look at.
std::string outline(std::string_view query) {
  std::string out;
  for (std::size_t i = 0; i < query.size() && out.size() < 4000; ++i) {
    const std::string_view rest = query.substr(i);
    const char c = query[i];
    if (rest.substr(0, 2) == "--") {
      i = std::min(query.find('\n', i), query.size());
      out += ' ';
    } else if (rest.substr(0, 2) == "/*") {
      i = nested_comment_end(query, i) - 1;
      out += ' ';
    } else if (c == '\'' || c == '"') {
      const std::size_t close = std::min(query.find(c, i + 1), query.size());
      if (query.substr(0, i).find("standard_conforming") != std::string_view::npos) {
        out += query.substr(i + 1, close - i - 1);
      } else {
        out += "''";
      }
      i = close;
    } else {
      out += c == '\n' || c == '\r' || c == '\t' || c == '\f' ? ' ' : sql::lower(c);
    }
  }
  std::string single;
  for (const char c : out) {
    if (c != ' ' || (!single.empty() && single.back() != ' ')) single += c;
  }
  return single;
}

bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const auto letter = [&](std::size_t i) {
      return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 ||
                                 text[i] == '_' || text[i] == '"');
    };
    if ((at == 0 || !letter(at - 1)) && !letter(at + word.size())) return true;
  }
  return false;
}

class PostgresqlDialogue final : public Dialogue {
 public:
  using Dialogue::Dialogue;

  std::size_t take(std::string_view input, std::string* output) override {
    const std::size_t head = started_ ? 1 : 0;  // the first message has no kind
    if (input.size() < head + 4) return 0;
    const std::size_t size = head + big_endian(input.substr(head));
    if (input.size() < size) return 0;
    const std::string_view body = input.substr(head + 4, size - head - 4);
    if (started_) {
      answer(input[0], body, output);
    } else {
      start(big_endian(body), output);
    }
    return size;
  }

 private:
  void start(std::uint32_t code, std::string* output) {
    constexpr std::uint32_t kTls = 80877103, kGss = 80877104;
    if (code == kTls || code == kGss) {
      *output += 'N';
      return;
    }
    started_ = true;
    *output += message('R', big_endian(0)) + parameter("server_version", "15.18") +
               parameter("client_encoding", "UTF8") + parameter("server_encoding", "UTF8") +
               parameter("standard_conforming_strings", "on") +
               message('K', big_endian(1) + big_endian(1)) + ready();
  }

  void answer(char kind, std::string_view body, std::string* output) {
    switch (kind) {
      case 'X':
        ended_ = true;
        break;
      case 'Q':
        query(body.substr(0, body.size() - 1), output);
        break;
      case 'P':  // \gdesc: the query is prepared and described
        queries_->emplace_back(body.substr(body.find('\0') + 1));
        queries_->back().resize(queries_->back().find('\0'));
        *output += message('1');
        break;
      case 'D':
        *output += message('t', std::string(2, '\0')) + message('n');
        break;
      case 'S':
        *output += ready();
        break;
      case 'd':
        if (!queries_->empty()) queries_->back().append(body);
        break;
      case 'c':
      case 'f':
        --copies_;
        go_on(output);
        break;
      default:
        break;
    }
  }

  void query(std::string_view text, std::string* output) {
    queries_->emplace_back(text);
    const std::string seen = outline(text);
    copies_ = count_copies(seen);
    if (copies_ > 0) queries_->back() += kRowsFollow;
    follow_strings(seen, output);
    go_on(output);
  }

  // One statement of the query is done.
  void go_on(std::string* output) const {
    *output += message('C', std::string("OK") + '\0');
    *output += copies_ > 0 ? message('G', std::string(3, '\0')) : ready();
  }

  // COPY ... FROM stdin outside parentheses, as any of the statements of the query.
  static int count_copies(std::string_view seen) {
    int count = 0;
    while (!seen.empty()) {
      std::string flat;
      int depth = 0;
      std::size_t i = 0;
      for (; i < seen.size() && seen[i] != ';'; ++i) {
        if (seen[i] == ')') --depth;
        if (depth <= 0) flat += seen[i];
        if (seen[i] == '(') ++depth;
      }
      seen.remove_prefix(std::min(i + 1, seen.size()));
      const std::size_t word = flat.find_first_not_of(' ');
      if (word != std::string::npos && flat.compare(word, 4, "copy") == 0 &&
          has_word(std::string_view(flat).substr(word), "copy") &&
          (has_word(flat, "from stdin") || has_word(flat, "from stdout"))) {
        ++count;
      }
    }
    return count;
  }

  static void follow_strings(std::string_view seen, std::string* output) {
    constexpr std::string_view kName = "standard_conforming_strings";
    if (seen.substr(0, 5) == "reset" && has_word(seen, kName)) *output += parameter(kName, "on");
    const std::size_t at = seen.find(kName);
    if (seen.substr(0, 4) != "set " || at == std::string_view::npos) return;
    const std::string_view value = seen.substr(at + kName.size());
    const bool off = has_word(value, "off") || has_word(value, "false") || has_word(value, "0") ||
                     has_word(value, "no");
    *output += parameter(kName, off ? "off" : "on");
  }

  static std::string ready() { return message('Z', "I"); }

  bool started_ = false;
  int copies_ = 0;  // of the query, whose rows are still to come
};

}  // namespace

std::unique_ptr<Dialogue> make_postgresql_dialogue(std::vector<std::string>* queries) {
  return std::make_unique<PostgresqlDialogue>(queries);
}

}  // namespace engine::test
