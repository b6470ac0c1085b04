#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "base/result.h"
#include "contracts/check.h"
#include "datasets/check_results.h"
#include "engine/engine.h"
#include "engine/workbench.h"
#include "odf/events.h"
#include "pipelines/contracts/findings.h"
#include "pipelines/contracts/judged_rows.h"
#include "pipelines/contracts/set_aside.h"
#include "slices/slice_writer.h"

namespace weir::pipelines {

/// What the contract of one dataset is asked about, and with what.
struct ContractSubject {
  const contracts::Contract& contract;
  std::string workspace = {};
  std::string dataset = {};     ///< its name
  std::string input_name = {};  ///< as messages call the batch
  /// How messages call the n-th row of the input.
  std::function<std::string(std::uint64_t)> place = {};
  odf::SetVocab vocab = {};
  bool has_state = false;             ///< there is data already
  std::vector<std::string> key = {};  ///< of which the last event counts
  /// Rows are judged on their way, see Judge; otherwise once the slice is staged, and none is put
  /// aside then.
  bool judges_rows = true;
  /// Event times are data; otherwise the watermark alone says how new the data is.
  bool has_own_event_time = true;
  Timestamp now = {};
  std::optional<Timestamp> watermark = {};  ///< before the batch
  /// Answers names of datasets, this one among them; null: only checks that need none are asked.
  engine::NameResolver* tables = nullptr;
};

/// A slice that is written and not committed.
struct StagedRows {
  std::shared_ptr<const ReadableFile> file = {};
  const slices::WrittenSlice& slice;
};

/// The contract of a dataset while one batch goes through an ingest: Judge the rows on their way to
/// the slice, then Ask about the slice, and as long as that puts rows aside, both again.
///
/// One thread at a time; what the subject refers to outlives it.
class ContractAtWork {
 public:
  explicit ContractAtWork(ContractSubject subject) : subject_(std::move(subject)) {}

  bool is_empty() const { return subject_.contract.empty(); }
  /// Whether a check looks at how many rows came.
  bool needs_batch_rows() const;

  /// The rows that may be committed, of rows with the judging columns. Begins anew each time.
  std::unique_ptr<engine::RowStream> Judge(std::unique_ptr<engine::RowStream> rows);

  /// Asks the checks that Judge left. True: rows were found that are to be put aside, so the slice
  /// is to be written again. kInvalid: the batch is refused, see refused(). Clears `bench`.
  /// `rows`: null when nothing is added; `batch_rows`: how many rows came.
  Result<bool> Ask(const Context& context, engine::Workbench& bench, const StagedRows* rows,
                   std::optional<std::uint64_t> batch_rows);

  const RowTally& tally() const { return tally_; }
  /// The rows that go to quarantine, once Ask was content.
  const std::vector<SetAsideRow>& set_aside() const { return tally_.set_aside.rows(); }

  /// As they are kept, of a commit or of a refusal.
  std::vector<datasets::CheckResult> Results() const;
  /// Whether an error came of a check that refuses, and not of anything else.
  bool refused() const;
  /// What is committed although a check warns of it, in a sentence each.
  std::vector<std::string> Warnings() const;

 private:
  Result<Findings> AskAbout(const Context& context, engine::Workbench& bench,
                            const StagedRows& rows, std::optional<std::uint64_t> batch_rows);
  Findings AskAboutNothing(std::optional<std::uint64_t> batch_rows) const;
  std::string What() const;
  Findings AllFindings() const;

  const ContractSubject subject_;
  RowTally tally_;
  BadPlaces bad_;
  Findings asked_;
  Findings set_aside_findings_;  ///< of checks whose rows are in bad_
  int rounds_ = 0;
};

}  // namespace weir::pipelines
