#include "api/components.h"

#include "api/component_sets.h"
#include "base/check.h"

namespace weir::api {

boost::json::object Components() {
  boost::json::object all;
  for (auto* set : {&BackupSchemas, &DatasetChainSchemas, &DatasetTransferSchemas, &IngestSchemas,
                    &KindSchemas, &PackSchemas, &ProblemSchemas, &QuerySchemas, &ResourceSchemas,
                    &RevertSchemas, &ServerSchemas, &TailSchemas, &UsageSchemas}) {
    for (auto& [name, schema] : set()) {
      WEIR_CHECK_MSG(all.emplace(name, std::move(schema)).second, std::string_view(name));
    }
  }
  return all;
}

}  // namespace weir::api
