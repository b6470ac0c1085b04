#include "pipelines/lineage/derived_columns.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "datasets/chain_record.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/column_lineage.h"
#include "odf/system_names.h"
#include "pipelines/derive/shown_columns.h"
#include "pipelines/derive/transform_steps.h"
#include "slices/column_type.h"

namespace weir::pipelines {
namespace {

using engine::TransformReads;

// The state and the events of an input, as a transform reads them.
Status AddInput(const std::string& alias, const odf::ChainState& chain, TransformReads reads,
                std::vector<engine::LineageInput>& inputs) {
  if (!chain.schema) return Invalid("input {} has no columns yet", alias);
  const odf::SystemNames names(chain.vocab);
  const std::vector<std::string> shown =
      datasets::StateColumns({.schema = *chain.schema,
                              .names = names,
                              .rule = datasets::StateRuleOf(chain),
                              .has_own_event_time = datasets::HasOwnEventTime(chain)});
  engine::LineageInput state{.name = alias};
  const bool is_by_batch = reads == TransformReads::kBatches;
  engine::LineageInput events{.name = is_by_batch ? alias : alias + "$events"};
  for (const odf::DataField& field : chain.schema->fields) {
    ASSIGN_OR_RETURN(std::string type, slices::SqlOf(field.name, field.type));
    events.columns.push_back({.name = field.name, .type = type});
    if (std::ranges::find(shown, field.name) == shown.end()) continue;
    state.columns.push_back({.name = field.name, .type = std::move(type)});
  }
  if (!is_by_batch) inputs.push_back(std::move(state));
  inputs.push_back(std::move(events));
  return Ok();
}

Result<odf::ChainState> ReadInput(control::Snapshot& snapshot, const std::string& alias,
                                  const odf::DatasetId& id) {
  auto record = datasets::ReadChainRecord(snapshot, id);
  if (record) return std::move(record->chain);
  Error error = std::move(record).error();
  error.message = fmt::format("input {}: {}", alias, error.message);
  return error;
}

}  // namespace

Result<engine::QueryLineage> ColumnsOfDerivative(const Context& context,
                                                 datasets::ChainStore& chains,
                                                 control::Snapshot& snapshot,
                                                 engine::Workbench& bench,
                                                 const odf::ChainState& chain) {
  if (!chain.transform) return Invalid("it has no transform yet");
  ASSIGN_OR_RETURN(const auto transform, RunnableOf(*chain.transform));
  ASSIGN_OR_RETURN(
      const ShownSchemas shown,
      ReadShownSchemas(context, chains, chain.seed.value().dataset_id, chain.sequence_number));
  std::vector<engine::LineageInput> inputs;
  for (std::size_t i = 0; i < chain.transform->inputs.size(); ++i) {
    const odf::TransformInput& input = chain.transform->inputs[i];
    const std::string alias = input.alias.value_or(input.dataset_ref);
    const odf::DatasetId& id = chain.inputs[i].dataset_id;
    ASSIGN_OR_RETURN(odf::ChainState read, ReadInput(snapshot, alias, id));
    if (read.schema) {
      read.schema = WithoutColumns(*std::move(read.schema), HiddenColumns(shown, id, read));
    }
    RETURN_IF_ERROR(AddInput(alias, read, transform.reads, inputs));
  }
  RETURN_IF_ERROR(bench.Clear());
  return engine::LineageOfTransform(context, bench, transform.steps, inputs, transform.reads);
}

}  // namespace weir::pipelines
