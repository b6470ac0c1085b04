#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"

namespace weir::server {

/// A name for a socket that the kernel takes however deep its directory is: socket addresses hold
/// 107 bytes. A longer path is reached through the open directory, as /proc/self/fd/7/weir.sock;
/// that name is good while this lives, and only in this process.
class SocketPath {
 public:
  static Result<std::unique_ptr<SocketPath>> Open(const std::filesystem::path& path);
  ~SocketPath();
  SocketPath(const SocketPath&) = delete;
  SocketPath& operator=(const SocketPath&) = delete;

  const std::string& name() const { return name_; }

 private:
  SocketPath(int directory, std::string name) : directory_(directory), name_(std::move(name)) {}

  const int directory_;  // -1: not needed
  const std::string name_;
};

}  // namespace weir::server
