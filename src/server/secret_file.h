#pragma once

#include <filesystem>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "base/rng.h"

namespace weir::server {

/// 64 hexadecimal digits that nobody can guess.
std::string MakeSecret(Rng& rng);

/// The one line in the file at `path`, a secret as MakeSecret gives; made, durably and with mode
/// 0600, when the file is not there. kDenied when others than its owner may read it, kCorrupt when
/// something else stands in it.
Result<std::string> LoadOrMakeSecret(Files& files, const std::filesystem::path& path, Rng& rng);

}  // namespace weir::server
