#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "base/files.h"
#include "base/result.h"
#include "net/url.h"

namespace weir::objects {

/// A directory of this machine.
struct FileLocation {
  Files::Path path;
};

/// A part of a bucket of an S3-compatible server.
struct S3Location {
  std::string bucket;
  std::string prefix = {};    ///< without slashes at its ends; empty: the whole bucket
  std::string endpoint = {};  ///< https://host:port; empty: Amazon's, by region
  std::string region = {};    ///< empty: AWS_REGION, AWS_DEFAULT_REGION, us-east-1
};

/// A path of a web server, to be read.
struct HttpLocation {
  net::Url base;  ///< its path without a slash at the end
};

using ObjectLocation = std::variant<FileLocation, S3Location, HttpLocation>;

/// Reads `s3://bucket/prefix?endpoint=http://127.0.0.1:9000&region=eu-west-1`, also written
/// `s3+http://127.0.0.1:9000/bucket/prefix`, `http://host/path`, `https://...`, `file:///path` or a
/// plain path. kInvalid for anything else, for an unknown parameter, and for credentials in the
/// URL: addresses are shown and logged.
Result<ObjectLocation> ParseObjectUrl(std::string_view url);

}  // namespace weir::objects
