// What of a tree keeps its place when it is loaded by dependency: a step of the script, an ALTER or
// a DROP of which it is not known that it can pass what stands beside it.
//
// Thread contract: pure.
// Cost: reads the tokens of a step, of an ALTER.
#pragma once

#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/load_order.h"

namespace engine::order {

bool keeps_its_place(const LoadItem& item, Dialect dialect);

/// The runs of characters that operators are made of, each once.
std::vector<std::string_view> operator_symbols(std::string_view text);

}  // namespace engine::order
