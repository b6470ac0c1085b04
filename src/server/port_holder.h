#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace weir::server {

/// Which process listens on a TCP port of this machine: "postgres (pid 123)". nullopt when it
/// cannot be told, which is so for another user's process unless we are root. `proc` is /proc.
std::optional<std::string> HolderOfPort(std::uint16_t port,
                                        const std::filesystem::path& proc = "/proc");

}  // namespace weir::server
