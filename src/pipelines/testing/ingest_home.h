#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_dir.h"
#include "datasets/testing/dataset_home.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {

/// A home with one dataset without data, and an Ingestor over it. Objects and staged slices are in
/// files of memory, with faults on demand.
class IngestHome {
 public:
  /// `source` as in TestDataset: {"read": {"kind": "NdJson", ...}, "merge": {"kind": "Append"}}; an
  /// AddPushSource `default`, or a SetPollingSource when it has a `fetch`.
  explicit IngestHome(std::string_view source, IngestOptions options = {});

  Ingestor& ingestor() { return *ingestor_; }
  datasets::ChainStore& chains() { return home_.chains(); }
  datasets::StateStore& states() { return *states_; }
  FakeFiles& files() { return home_.files(); }
  FakeClock& clock() { return clock_; }
  Context context() const { return Context::Background(); }
  static odf::DatasetId id() { return datasets::DatasetHome::id(); }
  datasets::ChainRecord record();

  Result<IngestReport> Push(std::string content, const std::string& name = "input.txt");
  /// The slices' rows as text, `op event_time values...`, oldest first; nulls as `null`.
  std::string Rows();

  /// As a process that died and another that goes on.
  void Reopen();

 private:
  datasets::DatasetHome home_;
  FakeClock clock_;
  TempDir scratch_;
  IngestOptions options_;
  std::unique_ptr<datasets::StateStore> states_;
  std::unique_ptr<Ingestor> ingestor_;
};

}  // namespace weir::pipelines
