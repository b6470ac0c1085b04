#include "resources/dependency_order.h"

#include <algorithm>

namespace weir::resources {
namespace {

enum class Mark : unsigned char { kNew, kOpen, kDone };

struct Visit {
  std::size_t node;
  std::size_t next_need = 0;
};

std::vector<std::size_t> CycleOf(const std::vector<Visit>& path, std::size_t closing) {
  std::vector<std::size_t> cycle;
  const auto first = std::find_if(path.begin(), path.end(),
                                  [closing](const Visit& visit) { return visit.node == closing; });
  for (auto visit = first; visit != path.end(); ++visit) cycle.push_back(visit->node);
  return cycle;
}

}  // namespace

DependencyOrder OrderByNeeds(const std::vector<std::vector<std::size_t>>& needs) {
  DependencyOrder result;
  std::vector<Mark> marks(needs.size(), Mark::kNew);
  std::vector<Visit> path;
  for (std::size_t start = 0; start < needs.size(); ++start) {
    if (marks[start] != Mark::kNew) continue;
    path.push_back({start});
    marks[start] = Mark::kOpen;
    while (!path.empty()) {
      Visit& visit = path.back();
      if (visit.next_need == needs[visit.node].size()) {
        marks[visit.node] = Mark::kDone;
        result.order.push_back(visit.node);
        path.pop_back();
        continue;
      }
      const std::size_t need = needs[visit.node][visit.next_need++];
      if (marks[need] == Mark::kOpen) return {.order = {}, .cycle = CycleOf(path, need)};
      if (marks[need] == Mark::kDone) continue;
      marks[need] = Mark::kOpen;
      path.push_back({need});
    }
  }
  return result;
}

}  // namespace weir::resources
