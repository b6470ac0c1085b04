#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::server {

/// Tells the service manager how the server is: "READY=1", "STOPPING=1" (sd_notify(3)). The manager
/// names its socket in NOTIFY_SOCKET, `socket_name` here: a path, or an abstract name after '@'.
/// Empty: nobody asked, and nothing is sent.
Status NotifyService(std::string_view socket_name, std::string_view state);

}  // namespace weir::server
