#include "engine/order/mentions.h"

#include <gmock/gmock.h>

namespace engine::order {
namespace {

TEST(Mentions, OperatorsAreRunsOfTheirCharacters) {
  EXPECT_THAT(operator_symbols("a <+> b, c @> d <+> 2"), ::testing::ElementsAre("<+>", "@>"));
}

}  // namespace
}  // namespace engine::order
