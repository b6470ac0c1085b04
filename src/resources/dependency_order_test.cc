#include "resources/dependency_order.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

namespace weir::resources {
namespace {

using Needs = std::vector<std::vector<std::size_t>>;

TEST(DependencyOrder, KeepsTheGivenOrderWhereNothingIsNeeded) {
  EXPECT_EQ(OrderByNeeds(Needs(3)).order, (std::vector<std::size_t>{0, 1, 2}));
}

TEST(DependencyOrder, NamesACycle) {
  const DependencyOrder ordered = OrderByNeeds({{1}, {2}, {3}, {1}});
  EXPECT_TRUE(ordered.order.empty());
  EXPECT_EQ(ordered.cycle, (std::vector<std::size_t>{1, 2, 3}));
}

TEST(DependencyOrder, OrdersAChainOfAMillionWithoutTheStack) {
  Needs needs(1'000'000);
  for (std::size_t node = 0; node + 1 < needs.size(); ++node) needs[node] = {node + 1};
  const DependencyOrder ordered = OrderByNeeds(needs);
  EXPECT_EQ(ordered.order.front(), needs.size() - 1);
  EXPECT_EQ(ordered.order.back(), 0u);
}

// Goal: every order is one, and every cycle is one. Method: random graphs, checked by definition.
TEST(DependencyOrder, IsAnOrderOrNamesACycle) {
  const bool held = rc::check([] {
    const auto size = *rc::gen::inRange<std::size_t>(1, 10);
    Needs needs(size);
    for (auto& one : needs) {
      one = *rc::gen::resize(
          2, rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, size)));
    }
    const DependencyOrder ordered = OrderByNeeds(needs);
    const auto needs_it = [&needs](std::size_t node, std::size_t need) {
      return std::find(needs[node].begin(), needs[node].end(), need) != needs[node].end();
    };
    if (ordered.cycle.empty()) {
      RC_ASSERT(ordered.order.size() == size);
      std::vector<bool> done(size, false);
      for (const std::size_t node : ordered.order) {
        for (const std::size_t need : needs[node]) RC_ASSERT(done[need]);
        RC_ASSERT(!done[node]);
        done[node] = true;
      }
    } else {
      for (std::size_t at = 0; at < ordered.cycle.size(); ++at) {
        RC_ASSERT(needs_it(ordered.cycle[at], ordered.cycle[(at + 1) % ordered.cycle.size()]));
      }
    }
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace weir::resources
