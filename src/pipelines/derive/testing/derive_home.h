#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/testing/fake_clock.h"
#include "base/testing/temp_dir.h"
#include "datasets/testing/dataset_home.h"
#include "pipelines/derive/derive.h"
#include "pipelines/derive/graph_pull.h"
#include "pipelines/derive/rebuild.h"
#include "pipelines/derive/verify_recursively.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {

/// Roots and derivatives, and what fills both. Objects are in files of memory, with faults on
/// demand. Datasets go by numbers, and the names they have as inputs.
class DeriveHome {
 public:
  /// `disk` as DatasetHome's.
  explicit DeriveHome(DeriveOptions options = {}, control::FaultyDisk* disk = nullptr);

  /// Begins a root whose source is as in IngestHome.
  void AddRoot(std::uint8_t number, std::string_view source);
  struct Input {
    std::string alias;
    std::uint8_t number;
  };
  /// Begins a derivative, or gives the one that is there another query.
  void AddDerivative(std::uint8_t number, const std::vector<Input>& inputs, const std::string& sql,
                     const std::string& engine = "duckdb");

  /// Puts the checks of a derivative in force, a list as in a manifest.
  void Promise(std::uint8_t number, std::string_view checks);

  Result<IngestReport> Push(std::uint8_t number, std::string content);
  /// The same, and columns that the root has not yet come.
  Result<IngestReport> Evolve(std::uint8_t number, std::string content);
  Result<IngestReport> Update(std::uint8_t number) { return Update(number, *deriver_); }
  /// The same by computing everything again.
  Result<IngestReport> Recompute(std::uint8_t number) { return Update(number, *recomputing_); }
  Result<Replayed> Replay(std::uint8_t number);
  /// Begins a derivative that says of its query that it gave the first slice of `other`.
  /// Its file is what `write` makes of the other's, its step what `tell` makes of the other's.
  using Rewrite = std::function<std::string(std::string content)>;
  using Retell = std::function<void(odf::ExecuteTransform& step)>;
  void AddForged(std::uint8_t number, std::uint8_t other, const std::vector<Input>& inputs,
                 const std::string& sql, const Rewrite& write = {}, const Retell& tell = {});
  Result<std::optional<DerivePlan>> Explain(std::uint8_t number);

  /// The rows of all slices as text, `op event_time values...`, oldest first; nulls as `null`.
  std::string Rows(std::uint8_t number);
  /// Logical hashes of all slices, oldest first.
  std::vector<std::string> Hashes(std::uint8_t number);

  /// Brings all that has a name to date, as `weir pull --all`, two at a time.
  std::vector<PullOutcome> PullAll();
  /// Makes the states anew that are kept of these, which have keys, however little came to them.
  Status RefreshStates(const std::vector<std::uint8_t>& numbers);

  Result<RebuiltGraph> Rebuild(const std::vector<std::uint8_t>& numbers);
  Result<VerifiedGraph> Verify(std::uint8_t number);

  /// Gives it a name in the directory.
  void Name(std::uint8_t number, const std::string& name);

  /// What lies in the repository of a dataset, by name: refs/head, blocks/..., data/...
  std::map<std::string, std::string> Objects(std::uint8_t number);
  /// Removes an object of it.
  void Remove(std::uint8_t number, const std::string& name);
  /// Brings there what is pending.
  void Publish();

  datasets::ChainRecord Record(std::uint8_t number);
  static constexpr const char* kStates = "/states";  ///< where states are kept
  const std::filesystem::path& scratch() const { return options_.scratch; }
  datasets::ChainStore& chains() { return home_.chains(); }
  FakeFiles& files() { return home_.files(); }
  FakeClock& clock() { return clock_; }
  /// The process ends as one that is told to: what it keeps of groups goes to its files.
  void End();
  /// As the next process.
  void Reopen();
  /// As a process on a machine with that many cores.
  void UseThreads(unsigned threads) {
    options_.engine.threads = threads;
    Reopen();
  }

 private:
  Result<IngestReport> Update(std::uint8_t number, Deriver& deriver);

  datasets::DatasetHome home_;
  FakeClock clock_;
  TempDir scratch_;
  DeriveOptions options_;
  std::unique_ptr<datasets::StateStore> states_;
  std::unique_ptr<Ingestor> ingestor_;
  std::unique_ptr<Deriver> deriver_;
  std::unique_ptr<Deriver> recomputing_;
};

}  // namespace weir::pipelines
