#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "cli/call.h"
#include "cli/command.h"
#include "cli/session.h"

namespace weir::cli {

/// The flag -o of commands that print rows of data.
Flag RowsFlag();

/// Makes the call that answers with rows in the API's form `data_format`, and their schema as
/// `schema_format` where that is not empty.
using RowsCall = std::function<Call(std::string_view data_format, std::string_view schema_format)>;

/// Prints the rows that a call answers with, in the form -o asks for. All but the table are printed
/// as they come, whatever their number; the table shows the first kMostInTable, and says so.
inline constexpr std::size_t kMostInTable = 10'000;
Status PrintRows(Session& session, std::string_view output, const RowsCall& call);

/// Hands the bytes that a call answers with on to `take`, as they come.
Status CopyAnswer(Session& session, Call call, const std::function<Status(std::string_view)>& take);

}  // namespace weir::cli
