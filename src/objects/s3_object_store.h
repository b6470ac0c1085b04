#pragma once

#include <memory>

#include "objects/object_store.h"
#include "objects/object_url.h"
#include "objects/open_object_store.h"

namespace weir::objects {

/// Objects in a bucket, through Arrow's S3 file system. An object appears when its upload is
/// completed, so a writer that dies leaves nothing visible.
Result<std::unique_ptr<ObjectStore>> OpenS3ObjectStore(const S3Location& location,
                                                       const ObjectStoreOptions& options);

}  // namespace weir::objects
