// RunMarks: the files in OUTPUT/.engine by which one run tells the next what no record says.
//
//   watching   there may be trees of which the state store knows nothing: a watch runs, or was
//              killed, or a store was damaged while it was written
//   missing    INPUT holds none of the sources on record, and since when: one that is empty, or
//              cannot be read, does not say since when
//
// Thread contract: one thread at a time.
// Units: nanoseconds since the epoch, of the clock that stamps files.
// Errors: none. What cannot be written, on a full disk, the next start does not know: whoever may
// have more room by now tries again.
// Source: docs/state.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace engine::io {

class RunMarks {
 public:
  /// As the runs before have left them.
  explicit RunMarks(const std::string& output);

  bool is_watching() const;
  void set_watching() const;
  void clear_watching() const;

  std::optional<std::int64_t> missing_since_ns() const { return missing_since_ns_; }
  bool is_missing() const { return missing_since_ns_.has_value(); }
  /// Nothing where they are not missing, or not any more.
  void set_missing_since(std::optional<std::int64_t> since_ns);
  /// Tries once more where the file is not what was set last.
  void write_missing();

 private:
  const std::string watching_;
  const std::string missing_;
  std::optional<std::int64_t> missing_since_ns_;
  bool is_written_ = true;  // missing_since_ns_
};

}  // namespace engine::io
