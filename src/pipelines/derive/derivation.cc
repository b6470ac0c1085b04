#include "pipelines/derive/derivation.h"

#include "datasets/directory.h"

namespace weir::pipelines {
namespace {

class Reading {
 public:
  Reading(const Context& context, datasets::ChainStore& chains, control::Snapshot& snapshot)
      : context_(context), chains_(chains), snapshot_(snapshot) {}

  ConsumedInput Read(const odf::InputPosition& position, const odf::TransformInput& declared) {
    ConsumedInput input{.alias = declared.alias.value_or(declared.dataset_ref),
                        .id = position.dataset_id};
    const Status read = Fill(position, input);
    if (!read) input.problem = read.error().message;
    return input;
  }

 private:
  Status Fill(const odf::InputPosition& position, ConsumedInput& input) {
    const auto entry = datasets::FindDataset(snapshot_, input.id);
    if (entry) {
      input.workspace = entry->workspace;
      input.name = entry->name;
    }
    const auto record = datasets::ReadChainRecord(snapshot_, input.id);
    if (!record && record.error().code == ErrorCode::kNotFound) {
      return NotFound("it is not in this home");
    }
    if (!record) return record.error();
    const odf::ChainState& chain = record->chain;
    input.head = {.hash = chain.head.value(), .sequence_number = chain.sequence_number};
    input.records_behind = CountOf(chain.last_offset) - CountOf(position.offset);
    if (!position.block_hash) return Ok();
    const auto block = chains_.FindBlock(context_, input.id, *position.block_hash);
    if (!block && block.error().code == ErrorCode::kNotFound) {
      input.records_behind = 0;
      return Conflict("its history was replaced: block {}, which was read last, is gone",
                      position.block_hash->ToText());
    }
    if (!block) return block.error();
    input.consumed = {.hash = block->hash, .sequence_number = block->sequence_number};
    return Ok();
  }

  static std::uint64_t CountOf(const std::optional<std::uint64_t>& last_offset) {
    return last_offset ? *last_offset + 1 : 0;
  }

  const Context& context_;
  datasets::ChainStore& chains_;
  control::Snapshot& snapshot_;
};

}  // namespace

Result<Derivation> ReadDerivation(const Context& context, datasets::ChainStore& chains,
                                  Deriver& deriver, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
  ASSIGN_OR_RETURN(const auto record, datasets::ReadChainRecord(*snapshot, id));
  const odf::ChainState& chain = record.chain;
  if (!chain.transform) return Invalid("dataset {} has no transform", id.ToString());
  Derivation derivation{.engine =
                            std::get<odf::TransformSql>(chain.transform->transform.value).engine};
  Reading reading(context, chains, *snapshot);
  for (std::size_t i = 0; i < chain.transform->inputs.size(); ++i) {
    derivation.inputs.push_back(reading.Read(chain.inputs[i], chain.transform->inputs[i]));
  }
  auto plan = deriver.Explain(context, id);
  if (!plan) {
    derivation.problem = plan.error().message;
  } else if (!*plan) {
    derivation.problem = "its inputs have no columns yet";
  } else {
    derivation.plan = **std::move(plan);
  }
  return derivation;
}

}  // namespace weir::pipelines
