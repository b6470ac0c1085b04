#include "datasets/transform_inputs.h"

#include <utility>

#include "datasets/directory.h"
#include "engine/batch_plan.h"
#include "engine/delta_plan.h"
#include "odf/chain.h"

namespace weir::datasets {
namespace {

using odf::MetadataEvent;

// `a_b` and `A.b` are names here and none of the format, so references are not read by its grammar.
Result<NamedInput> ParseName(std::string_view text, std::string_view workspace) {
  const auto slash = text.find('/');
  NamedInput input{.workspace = std::string(workspace), .name = std::string(text)};
  if (slash != std::string_view::npos) {
    input = {.workspace = std::string(text.substr(0, slash)),
             .name = std::string(text.substr(slash + 1))};
  }
  const bool is_name =
      !input.workspace.empty() && !input.name.empty() && input.name.find('/') == std::string::npos;
  if (is_name) return input;
  return Invalid("{} names no dataset", text).WithHint("give `name`, `workspace/name` or a DID");
}

bool IsId(std::string_view text) { return text.starts_with("did:"); }

Status ResolveInput(control::Snapshot& snapshot, odf::TransformInput& input,
                    std::string_view workspace, MissingInput missing) {
  if (!input.alias) input.alias = input.dataset_ref;
  if (IsId(input.dataset_ref)) {
    ASSIGN_OR_RETURN(const odf::DatasetId id, odf::DatasetId::Parse(input.dataset_ref));
    input.dataset_ref = id.ToString();
    return Ok();
  }
  ASSIGN_OR_RETURN(const NamedInput named, ParseName(input.dataset_ref, workspace));
  const auto entry = FindDataset(snapshot, named.workspace, named.name);
  if (entry) {
    input.dataset_ref = entry->id.ToString();
    return Ok();
  }
  const bool may_come =
      missing == MissingInput::kKeepName && entry.error().code == ErrorCode::kNotFound;
  return may_come ? Status() : entry.error();
}

Status NameInput(control::Snapshot& snapshot, odf::TransformInput& input,
                 std::string_view workspace) {
  const auto id = odf::DatasetId::Parse(input.dataset_ref);
  if (!id) return Ok();
  const auto entry = FindDataset(snapshot, *id);
  if (!entry) return entry.error().code == ErrorCode::kNotFound ? Status() : entry.error();
  const bool is_near = entry->workspace == workspace;
  input.dataset_ref = is_near ? entry->name : entry->workspace + "/" + entry->name;
  if (input.alias == input.dataset_ref) input.alias.reset();
  return Ok();
}

// Of the engines that run here; what others take is theirs to say.
Status CheckQuery(const odf::SetTransform& transform) {
  const auto& sql = std::get<odf::TransformSql>(transform.transform.value);
  const bool is_by_batch = sql.engine == "datafusion";
  if ((sql.engine != "duckdb" && !is_by_batch) || !sql.queries) return Ok();
  std::vector<std::string> inputs;
  for (const odf::TransformInput& input : transform.inputs) {
    inputs.push_back(input.alias.value_or(input.dataset_ref));
  }
  std::vector<engine::TransformStep> steps;
  for (const odf::SqlQueryStep& step : *sql.queries) {
    steps.push_back({.alias = step.alias.value_or(""), .sql = step.query});
  }
  return is_by_batch ? engine::CheckBatch(steps, inputs) : engine::CheckTransform(steps, inputs);
}

}  // namespace

Result<std::vector<NamedInput>> NamedInputs(const std::vector<MetadataEvent>& declared,
                                            std::string_view workspace) {
  std::vector<NamedInput> inputs;
  for (const MetadataEvent& event : declared) {
    const auto* transform = std::get_if<odf::SetTransform>(&event.value);
    if (transform == nullptr) continue;
    for (const odf::TransformInput& input : transform->inputs) {
      if (IsId(input.dataset_ref)) continue;
      ASSIGN_OR_RETURN(NamedInput named, ParseName(input.dataset_ref, workspace));
      inputs.push_back(std::move(named));
    }
  }
  return inputs;
}

Result<std::vector<MetadataEvent>> AsBlocksHold(control::Snapshot& snapshot,
                                                std::vector<MetadataEvent> declared,
                                                std::string_view workspace, MissingInput missing) {
  std::vector<MetadataEvent> events;
  for (MetadataEvent& event : declared) {
    if (auto* transform = std::get_if<odf::SetTransform>(&event.value)) {
      for (odf::TransformInput& input : transform->inputs) {
        RETURN_IF_ERROR(ResolveInput(snapshot, input, workspace, missing));
      }
    }
    ASSIGN_OR_RETURN(MetadataEvent normalised, odf::NormalizeEvent(std::move(event)));
    if (const auto* transform = std::get_if<odf::SetTransform>(&normalised.value)) {
      RETURN_IF_ERROR(CheckQuery(*transform));
    }
    events.push_back(std::move(normalised));
  }
  return events;
}

Result<std::vector<MetadataEvent>> AsPeopleSay(control::Snapshot& snapshot,
                                               std::vector<MetadataEvent> events,
                                               std::string_view workspace) {
  for (MetadataEvent& event : events) {
    auto* transform = std::get_if<odf::SetTransform>(&event.value);
    if (transform == nullptr) continue;
    for (odf::TransformInput& input : transform->inputs) {
      RETURN_IF_ERROR(NameInput(snapshot, input, workspace));
    }
  }
  return events;
}

}  // namespace weir::datasets
