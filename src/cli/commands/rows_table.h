#pragma once

#include <boost/json/object.hpp>
#include <cstddef>

#include "cli/output.h"
#include "cli/terminal.h"

namespace weir::cli {

/// Prints rows that the API gave as JsonAoA with an ArrowJson schema: titles, then a line for each,
/// numbers to the right, nulls as NULL. On a terminal no line is wider than it: the widest columns
/// are cut short, with an ellipsis. At most `most` rows; true when there were more.
bool PrintRowsTable(Output& out, const Terminal& terminal, const boost::json::object& rows,
                    std::size_t most);

}  // namespace weir::cli
