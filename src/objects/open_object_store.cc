#include "objects/open_object_store.h"

#include "objects/local_object_store.h"
#include "objects/object_url.h"
#include "objects/s3_object_store.h"

namespace weir::objects {

Result<std::unique_ptr<ObjectStore>> OpenObjectStore(std::string_view url,
                                                     const ObjectStoreOptions& options) {
  ASSIGN_OR_RETURN(const ObjectLocation location, ParseObjectUrl(url));
  if (const auto* s3 = std::get_if<S3Location>(&location)) return OpenS3ObjectStore(*s3, options);
  return std::make_unique<LocalObjectStore>(std::get<FileLocation>(location).path, *options.files);
}

}  // namespace weir::objects
