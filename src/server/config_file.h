#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace weir::server {

/// One line of weir.yaml: `tls: {key: a.pem}` is the name "tls.key".
struct FileEntry {
  std::string name;
  std::string value;
  int line = 0;
};

/// Reads the configuration file at `path`: one YAML document, mappings of mappings of scalars.
/// kNotFound when it is not there; kInvalid with file:line:column.
Result<std::vector<FileEntry>> ReadConfigFile(const std::filesystem::path& path,
                                              const Files& files);

}  // namespace weir::server
