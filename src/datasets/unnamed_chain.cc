#include "datasets/unnamed_chain.h"

#include <utility>

#include "datasets/append.h"
#include "datasets/keys.h"
#include "datasets/origin.h"
#include "secrets/signing_key.h"

namespace weir::datasets {

Result<odf::DatasetId> MakeIdentity(control::Transaction& transaction,
                                    const DatasetKindParts& parts) {
  if (parts.sealer == nullptr) return Internal("nothing seals the key of a dataset");
  const secrets::SigningKey key = secrets::MakeSigningKey(parts.rng);
  const odf::DatasetId id(key.public_key);
  const std::string owner = "dataset:" + id.ToString();
  ASSIGN_OR_RETURN(const std::string sealed,
                   parts.sealer->Seal(key.seed, {.resource = owner, .key = "/seed"}));
  RETURN_IF_ERROR(transaction.Put(SigningKeyKey(id), sealed));
  return id;
}

Result<odf::DatasetId> BeginUnnamedChain(const Context& context, control::Store& store,
                                         const DatasetKindParts& parts,
                                         std::vector<odf::MetadataEvent> events) {
  std::vector<NewBlock> blocks(1);
  for (odf::MetadataEvent& event : events) blocks.push_back({.event = std::move(event)});
  odf::DatasetId id;
  const auto begun = store.Transact(context, [&](control::Transaction& transaction) -> Status {
    ASSIGN_OR_RETURN(id, MakeIdentity(transaction, parts));
    blocks.front().event = {odf::Seed{.dataset_id = id, .dataset_kind = odf::DatasetKind::kRoot}};
    const auto appended =
        AppendBlocks(transaction, {.id = id, .system_time = parts.clock.Now(), .blocks = blocks});
    if (!appended) return appended.error();
    return MarkUnwanted(transaction, parts.clock, id);
  });
  if (!begun) return begun.error();
  return id;
}

}  // namespace weir::datasets
