#pragma once

#include <string_view>

#include "resources/yaml_node.h"

namespace weir::resources {

/// The type that YAML 1.2's core schema gives a plain scalar (https://yaml.org/spec/1.2.2, 10.3).
/// `.inf` and `.nan` are text, since JSON has no such numbers.
YamlNode::Type TypeOfPlain(std::string_view text);

}  // namespace weir::resources
