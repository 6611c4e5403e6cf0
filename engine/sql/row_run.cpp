#include "engine/sql/row_run.h"

#include <algorithm>

#include "engine/sql/ascii.h"

namespace engine::sql {

SplitPart RowRun::unit(std::size_t row) const {
  SplitPart part;
  part.kind = PartKind::kUnit;
  part.offset = offset(row);
  part.length = ends_[row].end - part.offset;
  part.line = line(row);
  return part;
}

SplitPart RowRun::gap(std::size_t row) const {
  const RowEnd& end = ends_[row];
  SplitPart part;
  part.offset = end.end;
  part.length = end.next - end.end;
  part.line = end.line;
  return part;
}

std::size_t RowRun::count_ending_by(std::uint64_t place) const {
  const auto behind = std::partition_point(ends_.begin(), ends_.end(),
                                           [place](const RowEnd& row) { return row.end <= place; });
  return static_cast<std::size_t>(behind - ends_.begin());
}

std::size_t RowRun::count_beginning_before(std::uint64_t place) const {
  if (empty() || offset_ >= place) return 0;
  const auto behind = std::partition_point(ends_.begin(), ends_.end() - 1,
                                           [place](const RowEnd& row) { return row.next < place; });
  return static_cast<std::size_t>(behind - ends_.begin()) + 1;
}

std::string_view head_of_rows(std::string_view text, std::size_t begin, std::size_t name_end,
                              std::size_t end) {
  constexpr std::string_view kSpace = " \t\r\n";
  constexpr std::string_view kValues = "values";
  if (name_end <= begin) return {};
  const std::string_view all = text.substr(0, end);
  std::size_t at = all.find_first_not_of(kSpace, name_end);
  if (at != std::string_view::npos && all[at] == '(') {
    at = all.find(')', at);
    if (at != std::string_view::npos) at = all.find_first_not_of(kSpace, at + 1);
  }
  if (at == std::string_view::npos || !equal_words(all.substr(at, kValues.size()), kValues)) {
    return {};
  }
  at = all.find_first_not_of(kSpace, at + kValues.size());
  if (at == std::string_view::npos || all[at] != '(') return {};
  return all.substr(begin, at + 1 - begin);
}

}  // namespace engine::sql
