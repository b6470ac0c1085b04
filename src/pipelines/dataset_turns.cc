#include "pipelines/dataset_turns.h"

#include "pipelines/patient_wait.h"

namespace weir::pipelines {

Result<DatasetTurns::Turn> DatasetTurns::Wait(const Context& context, const odf::DatasetId& id) {
  std::unique_lock lock(mutex_);
  RETURN_IF_ERROR(WaitFor(context, ended_, lock, [&] { return !busy_.contains(id); }));
  busy_.insert(id);
  return Turn(*this, id);
}

void DatasetTurns::End(const odf::DatasetId& id) {
  {
    const std::scoped_lock lock(mutex_);
    busy_.erase(id);
  }
  ended_.notify_all();
}

}  // namespace weir::pipelines
