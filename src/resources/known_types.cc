#include "resources/known_types.h"

#include <algorithm>

namespace weir::resources {
namespace {

constexpr KnownType kTypes[] = {
    {"bundle", false},   {"cluster", true}, {"compute", false},  {"database", true},
    {"dataset", true},   {"depot", false},  {"grant", false},    {"instance-secret", false},
    {"lakehouse", true}, {"lens", true},    {"monitor", true},   {"operator", false},
    {"pager", true},     {"policy", false}, {"resource", false}, {"secret", true},
    {"service", true},   {"stack", false},  {"volume", true},    {"worker", true},
    {"workflow", true},
};

}  // namespace

std::span<const KnownType> KnownTypes() { return kTypes; }

const KnownType* FindKnownType(std::string_view type) {
  const auto* found = std::find_if(std::begin(kTypes), std::end(kTypes),
                                   [type](const KnownType& known) { return known.type == type; });
  return found == std::end(kTypes) ? nullptr : found;
}

}  // namespace weir::resources
