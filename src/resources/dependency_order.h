#pragma once

#include <cstddef>
#include <vector>

namespace weir::resources {

/// An order in which everything comes after what it needs.
struct DependencyOrder {
  std::vector<std::size_t> order = {};  ///< all of them, when there is no cycle
  std::vector<std::size_t> cycle = {};  ///< each needs the next, the last needs the first
};

/// Orders 0..needs.size()-1, where `needs[i]` are those that i needs. Apart from that the given
/// order is kept. Takes time in proportion to nodes and edges, and no stack.
DependencyOrder OrderByNeeds(const std::vector<std::vector<std::size_t>>& needs);

}  // namespace weir::resources
