#include "objects/open_object_store.h"

#include "net/resolve.h"
#include "net/url.h"
#include "objects/http_object_store.h"
#include "objects/local_object_store.h"
#include "objects/object_url.h"
#include "objects/s3_object_store.h"

namespace weir::objects {
namespace {

constexpr std::chrono::seconds kResolveWithin{10};

// The client of S3 does not say where it connects, so its server is looked up before.
Status CheckEndpoint(const S3Location& location, const ObjectStoreOptions& options) {
  if (!options.may_connect || location.endpoint.empty()) return Ok();
  ASSIGN_OR_RETURN(const net::Url url, net::ParseUrl(location.endpoint));
  const Context context = Context::Background().WithTimeout(kResolveWithin);
  ASSIGN_OR_RETURN(const auto addresses, net::Resolve(context, url.endpoint.address));
  for (const net::SocketAddress& address : addresses) {
    RETURN_IF_ERROR(options.may_connect(address.Number()));
  }
  return Ok();
}

}  // namespace

Result<std::unique_ptr<ObjectStore>> OpenObjectStore(std::string_view url,
                                                     const ObjectStoreOptions& options) {
  ASSIGN_OR_RETURN(const ObjectLocation location, ParseObjectUrl(url));
  if (const auto* s3 = std::get_if<S3Location>(&location)) {
    RETURN_IF_ERROR(CheckEndpoint(*s3, options));
    return OpenS3ObjectStore(*s3, options);
  }
  if (const auto* http = std::get_if<HttpLocation>(&location)) {
    return std::make_unique<HttpObjectStore>(*http, options);
  }
  return std::make_unique<LocalObjectStore>(std::get<FileLocation>(location).path, *options.files);
}

}  // namespace weir::objects
