#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "odf/chain.h"

// What a transform sees of its inputs' columns: those that they had when it was set, as long as it
// is the same, so that `*` means the same too (docs/decisions/schema-evolution.md).

namespace weir::pipelines {

/// By input, its schema as a transform sees it; an input that is not in it is seen as it is.
using ShownSchemas = std::map<odf::DatasetId, odf::DataSchema>;

/// What the step of the derivative `id` that comes after its block number `last` sees: of each
/// input the schema at the block that the first step read it at, after the transform or a schema
/// was set last. Empty: that step is the first. A function of the chains alone.
///
/// kConflict when an input has that block no more.
Result<ShownSchemas> ReadShownSchemas(const Context& context, datasets::ChainStore& chains,
                                      const odf::DatasetId& id, std::uint64_t last);

/// The columns of the input `id`, whose schema `now` has, that came after those that `shown` has of
/// it. Columns of the key of its state are always seen.
std::vector<std::string> HiddenColumns(const ShownSchemas& shown, const odf::DatasetId& id,
                                       const odf::ChainState& now);

/// `schema` without the columns `hidden`.
odf::DataSchema WithoutColumns(odf::DataSchema schema, const std::vector<std::string>& hidden);

}  // namespace weir::pipelines
