#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_dir.h"
#include "datasets/testing/dataset_home.h"
#include "engine/workbench.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {

/// A home with one dataset without data, and an Ingestor over it. Objects and staged slices are in
/// files of memory, with faults on demand.
class IngestHome {
 public:
  /// `source` as in TestDataset: {"read": {"kind": "NdJson", ...}, "merge": {"kind": "Append"}}; an
  /// AddPushSource `default`, or a SetPollingSource when it has a `fetch`.
  explicit IngestHome(std::string_view source, IngestOptions options = {});

  /// Puts the checks in force, a list as in a manifest, under the name `cities`; `key` is the
  /// dataset's, where it has one. Rows that fail go to quarantine_id().
  void Promise(std::string_view checks, std::vector<std::string> key = {});

  Ingestor& ingestor() { return *ingestor_; }
  datasets::ChainStore& chains() { return home_.chains(); }
  datasets::StateStore& states() { return *states_; }
  FakeFiles& files() { return home_.files(); }
  FakeClock& clock() { return clock_; }
  Context context() const { return Context::Background(); }
  static odf::DatasetId id() { return datasets::DatasetHome::id(); }
  datasets::ChainRecord record();

  Result<IngestReport> Push(std::string content, const std::string& name = "input.txt");
  /// The same, and the dataset takes columns that are new.
  Result<IngestReport> Evolve(std::string content, const std::string& name = "input.txt");
  static odf::DatasetId quarantine_id() { return datasets::DatasetHome::IdOf(99); }
  /// What a query says of `cities`, its state, and `quarantine`: a line for each row, values
  /// separated by spaces.
  std::string Query(const std::string& sql);

  /// The slices' rows as text, `op event_time values...`, oldest first; nulls as `null`.
  std::string Rows();

  /// As a process that died and another that goes on.
  void Reopen();

 private:
  datasets::DatasetHome home_;
  FakeClock clock_;
  TempDir scratch_;
  IngestOptions options_;
  std::vector<std::string> key_;
  std::unique_ptr<engine::Workbench> bench_;  ///< of Query
  std::unique_ptr<datasets::StateStore> states_;
  std::unique_ptr<Ingestor> ingestor_;
};

}  // namespace weir::pipelines
