// os_error: an errno as an Error of one line, path first: "a.sql: cannot open: Permission denied".
//
// Thread contract: free functions without state.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "engine/result.h"

namespace engine::io {

inline std::string errno_text(int error) { return std::generic_category().message(error); }

inline tl::unexpected<Error> os_error(ErrorCode code, std::string_view path, std::string_view what,
                                      int error) {
  std::string message(path);
  message.append(": ").append(what).append(": ").append(errno_text(error));
  return fail(code, std::move(message));
}

}  // namespace engine::io
