#pragma once

#include <string>

#include "pipelines/merge_rows.h"

// Pieces of SQL over the columns of a merge.

namespace weir::pipelines {

/// et, c0, c1, ...; each with `prefix` before and `suffix` as its new name's beginning:
/// EventColumns(task, "n.", "n_") is `n.et AS n_et, n.c0 AS n_c0, ...`.
std::string EventColumns(const MergeTask& task, const std::string& prefix = "",
                         const std::string& renamed = "");

/// `n_et AS et, n_c0 AS c0, ...` for "n_".
std::string WithoutPrefix(const MergeTask& task, const std::string& prefix);

/// `a.k = b.k AND ...`: a null equals nothing, as in a join.
std::string KeysEqual(const MergeTask& task, const std::string& left, const std::string& right);

/// The same where nulls are one key, as in a grouping.
std::string KeysSame(const MergeTask& task, const std::string& left, const std::string& right);

/// `k ASC NULLS FIRST, ...`
std::string KeyOrder(const MergeTask& task);

/// All columns, nulls first: what makes an order total.
std::string RemainingOrder(const MergeTask& task);

/// Whether a row changed, `new_row` and `old_row` being prefixes: a compared column differs. An
/// event time counts only where the new row has one.
std::string Changed(const MergeTask& task, const std::string& new_row, const std::string& old_row);

}  // namespace weir::pipelines
