#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

// A lineage as the API tells it (the schema Lineage), written down.

namespace weir::cli {

/// As a tree: datasets, or the columns of the one that was asked for when `with_columns`. What
/// stands in several places is unfolded once.
std::string LineageTree(const boost::json::object& lineage, bool with_columns);

/// As a graph in the language of Graphviz, upstream to the left.
std::string LineageDot(const boost::json::object& lineage);

/// `text` as a label in that language, which has escapes, entities and line ends of its own.
std::string DotLabel(std::string_view text);

}  // namespace weir::cli
