#pragma once

#include <optional>

#include "base/files.h"
#include "base/result.h"
#include "net/address.h"
#include "net/tls_files.h"
#include "server/home_directory.h"
#include "server/settings.h"

namespace weir::server {

/// Which certificate the door shows: the files that were configured, the home's self-signed pair
/// (made now if it is not there; `address` is the name in it), or none.
Result<std::optional<net::TlsFiles>> ChooseTls(const Settings& settings, const HomePaths& paths,
                                               const net::Address& address, Files& files);

}  // namespace weir::server
