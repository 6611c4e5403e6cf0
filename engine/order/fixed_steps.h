// keeps_its_place(): what of a tree does so when it is loaded by dependency: a step of the script,
// an ALTER or a DROP of which it is not known that it can pass what stands beside it.
//
// Thread contract: pure.
// Cost: reads the tokens of a step, of an ALTER.
#pragma once

#include "engine/dialect.h"
#include "engine/load_order.h"

namespace engine::order {

bool keeps_its_place(const LoadItem& item, Dialect dialect);

}  // namespace engine::order
