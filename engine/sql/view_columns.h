// read_view_columns(): which columns of which relations a view reads, as far as its text alone says
// so: a name with an alias or a table before it, and one without where a query reads one relation.
//
// Thread contract: pure.
// Cost: one more pass over the text of a view; nothing else is read.
// Source: docs/catalogue.md, "Columns".
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "engine/dialect.h"
#include "engine/reference.h"

namespace engine::sql {

/// text[begin, end) creates or alters a view that says `references`. Those that it reads get the
/// columns: `target_columns`, and in `columns` the view's own that are nothing else than the first
/// of these; a "*" among the former says that it may read others too.
void read_view_columns(std::string_view text, std::size_t begin, std::size_t end, Dialect dialect,
                       std::span<Reference> references);

}  // namespace engine::sql
