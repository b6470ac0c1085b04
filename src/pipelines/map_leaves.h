#pragma once

#include <functional>
#include <optional>
#include <string>

#include "odf/data_type.h"

namespace weir::pipelines {

/// What becomes of one leaf: the SQL of its new value from the SQL of its old one; nullopt leaves
/// it as it is.
using LeafSql =
    std::function<std::optional<std::string>(const std::string& sql, const odf::DataType& leaf)>;

/// The SQL of a value like `sql`, of type `type`, with `leaf` done to each leaf inside of its
/// structs and lists (or to itself, when it is neither). nullopt when there is nothing to do.
std::optional<std::string> MapLeaves(const std::string& sql, const odf::DataType& type,
                                     const LeafSql& leaf);

}  // namespace weir::pipelines
