#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resources/problem.h"
#include "resources/yaml_node.h"

namespace weir::resources {

/// Bounds on a text before anything of it is believed.
struct YamlLimits {
  std::size_t max_bytes = 16 << 20;
  int max_depth = 64;                     ///< nested sequences and mappings
  std::size_t max_nodes = 2'000'000;      ///< of the whole text
  std::size_t max_alias_nodes = 100'000;  ///< of those, copied from anchors
};

/// Reads YAML 1.2 (and so JSON), one tree for each document that is not empty. Types of plain
/// scalars follow the core schema: `no`, `on` and dates are text. Anchors, aliases and merge keys
/// (`<<`) are carried out; keys are text and unique; tags other than YAML's own are refused.
///
/// nullopt after adding one problem with its place: syntax ends at the first mistake. Takes time in
/// proportion to the text, whatever it holds, and no stack.
std::optional<std::vector<std::shared_ptr<const YamlNode>>> ReadYaml(std::string_view source,
                                                                     std::string_view text,
                                                                     Problems& problems,
                                                                     const YamlLimits& limits = {});

}  // namespace weir::resources
