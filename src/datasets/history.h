#pragma once

#include <memory>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "engine/scan_source.h"

namespace weir::datasets {

/// All events of a dataset up to the head in `record`, as one relation over its slices: the columns
/// of the schema in force there, system columns among them. Opens no file. Without a schema there
/// is no relation yet: null.
Result<std::shared_ptr<const engine::ScanSource>> HistoryOf(const Context& context,
                                                            ChainStore& chains,
                                                            const odf::DatasetId& id,
                                                            const ChainRecord& record);

}  // namespace weir::datasets
