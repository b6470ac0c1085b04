#pragma once

#include <cstddef>

namespace weir::net {

/// Raises this process's limit of open files, as far as the hard limit lets it, so that
/// `connections` sockets fit beside the files that everything else needs. Never lowers it.
void RaiseOpenFileLimit(std::size_t connections);

}  // namespace weir::net
