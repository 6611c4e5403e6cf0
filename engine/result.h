// Result<T>: a value, or an Error that says in one line what went wrong and what to do next.
//
// Thread contract: values; no shared state.
// Errors: operating errors travel as Result; a programming error is an assertion. Nothing here
// throws. That there is no memory is std::bad_alloc, which no header says again but where more is
// to be said of it.
// Source: tl::expected (std::expected of C++23, which the supported compilers do not have yet).
#pragma once

#include <cstdint>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace engine {

enum class ErrorCode : std::uint8_t {
  kInvalid,     ///< wrong argument, wrong format, wrong usage
  kNotFound,    ///< no such file
  kUnreadable,  ///< it is there, but cannot be read (permission, a directory, broken archive)
  kUnwritable,  ///< the output cannot be written (permission, read-only)
  kNoSpace,     ///< the output's disk or quota is full: try again when there is room
  kInTheWay,    ///< something else lies where the output belongs: try again when it has gone
  kChanged,     ///< the source changed while it was read: try again
  kUnsettled,   ///< somebody may just be writing the source: look again in a moment
  kDifference,  ///< verify or join found bytes that are not what the manifest says
  kStopped,     ///< the engine is shutting down
  kInternal,    ///< the engine's or the system's own: something threw, no thread, no memory
};

/// `message` is one line without a final full stop or newline, path first: "a.sql: cannot open:
/// Permission denied".
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;
  /// May go away by itself (no descriptors, no memory, a device error): worth another try.
  bool transient = false;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  const bool transient =
      code == ErrorCode::kChanged || code == ErrorCode::kUnsettled || code == ErrorCode::kNoSpace;
  return tl::make_unexpected(Error{code, std::move(message), transient});
}

inline tl::unexpected<Error> fail_transient(ErrorCode code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message), true});
}

}  // namespace engine
