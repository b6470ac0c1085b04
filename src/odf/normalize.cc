#include "odf/chain.h"

namespace weir::odf {
namespace {

Status NormalizeInPlace(Transform& transform) {
  auto& sql = std::get<TransformSql>(transform.value);
  ASSIGN_OR_RETURN(sql, NormalizeTransform(std::move(sql)));
  return Ok();
}

Status NormalizeInputs(std::vector<TransformInput>& inputs) {
  for (TransformInput& input : inputs) {
    if (!input.alias) input.alias = input.dataset_ref;
  }
  return Ok();
}

}  // namespace

Result<TransformSql> NormalizeTransform(TransformSql transform) {
  if (transform.query) {
    if (transform.queries && !transform.queries->empty()) {
      return Invalid("a transform has both query and queries").WithHint("give one of them");
    }
    transform.queries = {SqlQueryStep{.query = *std::move(transform.query)}};
    transform.query.reset();
  }
  if (!transform.queries || transform.queries->empty()) return Invalid("a transform has no query");
  auto& queries = *transform.queries;
  for (std::size_t i = 0; i + 1 < queries.size(); ++i) {
    if (!queries[i].alias) return Invalid("step {} of a transform has no alias", i + 1);
  }
  if (queries.back().alias) {
    return Invalid("the last step of a transform has the alias {}", *queries.back().alias)
        .WithHint("its rows are the result, nothing can refer to it");
  }
  return transform;
}

Result<MetadataEvent> NormalizeEvent(MetadataEvent event) {
  if (auto* set = std::get_if<SetTransform>(&event.value)) {
    RETURN_IF_ERROR(NormalizeInPlace(set->transform));
    RETURN_IF_ERROR(NormalizeInputs(set->inputs));
  } else if (auto* polling = std::get_if<SetPollingSource>(&event.value)) {
    if (polling->preprocess) RETURN_IF_ERROR(NormalizeInPlace(*polling->preprocess));
  } else if (auto* push = std::get_if<AddPushSource>(&event.value)) {
    if (push->preprocess) RETURN_IF_ERROR(NormalizeInPlace(*push->preprocess));
  }
  return event;
}

}  // namespace weir::odf
