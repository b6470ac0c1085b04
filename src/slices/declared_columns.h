#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "odf/source_steps.h"

namespace weir::slices {

/// The columns that a read step declares, in their order: from its `schema`, or from the DDL
/// strings of `ddlSchema` (`id BIGINT NOT NULL`). Types of columns that may be null are Option.
/// nullopt: it declares none. kInvalid names the definition that does not parse, a name given
/// twice, or a step with both forms.
Result<std::optional<std::vector<odf::DataField>>> DeclaredColumns(const odf::ReadStep& read);

}  // namespace weir::slices
