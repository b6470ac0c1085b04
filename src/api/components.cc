#include "api/components.h"

#include "api/component_sets.h"
#include "base/check.h"

namespace weir::api {

boost::json::object Components() {
  boost::json::object all;
  for (auto* set :
       {&BackupSchemas, &CompactSchemas, &DatasetChainSchemas, &DatasetTransferSchemas,
        &DerivationSchemas, &IngestSchemas, &KindSchemas, &LineageSchemas, &PackSchemas,
        &ProblemSchemas, &QuerySchemas, &RebuildSchemas, &ResetSchemas, &ResourceSchemas,
        &RevertSchemas, &ServerSchemas, &TailSchemas, &UsageSchemas}) {
    for (auto& [name, schema] : set()) {
      WEIR_CHECK_MSG(all.emplace(name, std::move(schema)).second, std::string_view(name));
    }
  }
  return all;
}

}  // namespace weir::api
