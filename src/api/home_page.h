#pragma once

#include <string>

#include "api/server_facts.h"

namespace weir::api {

/// The page at `/`: the doors of this server, how to connect to them, and where to read on. Plain
/// HTML with nothing to load but HomeStyle(), so that it opens on a machine without a network.
std::string HomePage(const ServerStatus& facts);

/// Its style sheet, for light and dark.
std::string HomeStyle();

}  // namespace weir::api
