#include "pipelines/contracts/checked_append.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace weir::pipelines {

Result<datasets::ChainRecord> AppendChecked(const Context& context, datasets::ChainStore& chains,
                                            const datasets::AppendRequest& request,
                                            const datasets::KeptContract& asked,
                                            std::optional<datasets::CheckedCommit> commit) {
  datasets::ChainRecord record;
  const auto revision =
      chains.store().Transact(context, [&](control::Transaction& transaction) -> Status {
        RETURN_IF_ERROR(datasets::CheckContractHolds(transaction, request.id, asked));
        if (request.blocks.empty()) {
          ASSIGN_OR_RETURN(record, datasets::ReadChainRecord(transaction, request.id));
        } else {
          ASSIGN_OR_RETURN(record, datasets::AppendBlocks(transaction, request));
        }
        if (!commit) return Ok();
        commit->block = record.chain.head;
        return datasets::PutCheckedCommit(transaction, request.id, *commit);
      });
  if (!revision) return revision.error();
  return record;
}

void NoteRefusal(const Context& context, datasets::ChainStore& chains, const odf::DatasetId& id,
                 const datasets::CheckedCommit& refused) {
  [[maybe_unused]] const auto noted =
      chains.store().Transact(context, [&](control::Transaction& transaction) {
        return datasets::PutRefusal(transaction, id, refused);
      });
}

contracts::Contract WithoutQuarantine(contracts::Contract contract) {
  for (contracts::Check& check : contract) {
    if (check.on_fail == contracts::OnFail::kQuarantine) {
      check.on_fail = contracts::OnFail::kRefuse;
    }
  }
  return contract;
}

contracts::Contract WithoutBatch(contracts::Contract contract) {
  std::erase_if(contract, [](const contracts::Check& check) {
    if (std::holds_alternative<contracts::Freshness>(check.rule)) return true;
    const auto* count = std::get_if<contracts::RowCount>(&check.rule);
    return count != nullptr && count->of == contracts::RowCount::Of::kBatch;
  });
  return contract;
}

}  // namespace weir::pipelines
