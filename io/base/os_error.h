// os_error: an errno as an Error of one line, path first: "a.sql: cannot open: Permission denied".
// A full disk or quota is kNoSpace whatever was being done; Error::transient is set from the errno.
//
// Thread contract: free functions without state.
#pragma once

#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/result.h"

namespace engine::io {

/// What may be otherwise a moment later, without anybody mending it.
inline bool is_transient(int error) {
  return error == EIO || error == EMFILE || error == ENFILE || error == ENOMEM || error == EAGAIN ||
         error == EINTR || error == EBUSY;
}
inline bool is_no_space(int error) { return error == ENOSPC || error == EDQUOT; }

inline std::string errno_text(int error) { return std::generic_category().message(error); }

inline tl::unexpected<Error> os_error(ErrorCode code, std::string_view path, std::string_view what,
                                      int error) {
  std::string message(path);
  message.append(": ").append(what).append(": ").append(errno_text(error));
  if (is_no_space(error)) return fail(ErrorCode::kNoSpace, std::move(message));
  return is_transient(error) ? fail_transient(code, std::move(message))
                             : fail(code, std::move(message));
}

}  // namespace engine::io
