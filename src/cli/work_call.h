#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cli/call.h"
#include "cli/session.h"

namespace weir::cli {

/// How far work is, as a line for people, made of what it reports.
using ProgressLine = std::function<std::string(const boost::json::object& progress,
                                               std::chrono::duration<double> taken)>;

/// Sends a request that takes a while, shows how far it is while it runs, and returns the result.
Result<boost::json::object> CallWork(Session& session, Call call, const std::string& what,
                                     const ProgressLine& line);

/// "12 of 40 objects, 1.2 GiB of 2.0 GiB, 310.0 MiB/s, 3 s left" of a transfer's or a
/// verification's counts: `done` and `all` name the bytes.
std::string BytesLine(std::uint64_t done, std::uint64_t all, std::chrono::duration<double> taken);

/// 1536 as "1.5 KiB"; exact up to 1023 bytes.
std::string SizeText(std::uint64_t bytes);

}  // namespace weir::cli
