#include "datasets/publisher.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "datasets/adopt.h"
#include "datasets/chain_record.h"
#include "datasets/keys.h"
#include "datasets/repository_places.h"
#include "datasets/side_by_side.h"

namespace weir::datasets {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kGather{100};  // commits of this long are published together
constexpr milliseconds kShortestPause{500};
constexpr milliseconds kLongestPause{30'000};

// Sleeps, but not past a request to stop.
void Rest(const std::stop_token& stop, milliseconds length) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, length, [] { return false; });
}

void Tell(Logger& log, const odf::DatasetId& id, const Reconciled& reconciled) {
  using Outcome = Reconciled::Outcome;
  if (reconciled.outcome == Outcome::kAdopted) {
    log.Info("dataset_adopted_blocks", {{"dataset", id.ToString()}, {"blocks", reconciled.blocks}});
  }
  if (reconciled.outcome == Outcome::kStopped) {
    log.Error("dataset_stopped", {{"dataset", id.ToString()}, {"reason", reconciled.reason}});
  }
}

// One line for all: a lost store is one thing that happened.
void TellMissing(const Context& context, ChainStore& chains, const MissingRepositories& missing,
                 Logger& log) {
  if (!missing.roots.empty()) {
    log.Error("repositories_missing",
              {{"roots", missing.roots.size()},
               {"first", NameOfDataset(context, chains, missing.roots[0])}});
  }
  if (!missing.derivatives.empty()) {
    log.Warn("repositories_missing",
             {{"derivatives", missing.derivatives.size()},
              {"first", NameOfDataset(context, chains, missing.derivatives[0])},
              {"hint", "weir rebuild --all computes them again"}});
  }
}

// The datasets whose refs/head is not the head that we committed, or cannot be read. Nearly always
// there are few, and a home with thousands is opened by every command: so nothing else of a chain
// is looked at here.
Result<std::vector<odf::DatasetId>> OutOfStep(const Context& context, ChainStore& chains) {
  std::vector<control::Entry> heads;
  {
    ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
    for (control::ScanOptions page;; page.after = heads.back().key) {
      ASSIGN_OR_RETURN(auto entries, snapshot->Scan(HeadsKey(), page));
      std::move(entries.begin(), entries.end(), std::back_inserter(heads));
      if (entries.size() < page.limit) break;
    }
  }
  std::vector<std::optional<odf::DatasetId>> differing(heads.size());
  RETURN_IF_ERROR(SideBySide(heads.size(), UsualThreads(), [&](std::size_t i) -> Status {
    ASSIGN_OR_RETURN(const odf::DatasetId id, IdIn(heads[i].key));
    const auto ours = HeadIn(id, heads[i].value);
    const auto theirs = chains.RepositoryOf(id).Head(context);
    if (!ours || !theirs || *theirs != *ours) differing[i] = id;
    return Ok();
  }));
  std::vector<odf::DatasetId> ids;
  for (const auto& id : differing) {
    if (id) ids.push_back(*id);
  }
  return ids;
}

}  // namespace

Result<std::unique_ptr<Publisher>> Publisher::Start(ChainStore& chains, Logger& log) {
  ASSIGN_OR_RETURN(auto watcher, chains.store().Watch(PendingKey(), chains.store().revision()));
  return std::unique_ptr<Publisher>(new Publisher(chains, log, std::move(watcher)));
}

Publisher::Publisher(ChainStore& chains, Logger& log, std::unique_ptr<control::Watcher> watcher)
    : chains_(chains),
      log_(log),
      watcher_(std::move(watcher)),
      thread_([this](const std::stop_token& stop) { Work(stop); }) {}

Publisher::~Publisher() {
  thread_.request_stop();
  thread_.join();
  const Status published = chains_.PublishAll(Context::Background().WithTimeout(kLongestPause));
  if (!published) log_.Warn("publish_failed", published.error());
}

// Until something became pending, or `context` ends.
Status Publisher::WaitForPending(const Context& context) {
  auto events = watcher_->Next(context);
  if (events) return Ok();
  if (events.error().code != ErrorCode::kExhausted) return events.error();
  ASSIGN_OR_RETURN(watcher_, chains_.store().Watch(PendingKey(), chains_.store().revision()));
  return Ok();
}

void Publisher::Work(const std::stop_token& stop) {
  const Context context = Context::Background().WithCancel(stop);
  milliseconds pause = kShortestPause;
  while (!stop.stop_requested()) {
    Status done = WaitForPending(context);
    if (stop.stop_requested()) return;
    Rest(stop, kGather);
    if (done) done = chains_.PublishAll(context);
    if (done) {
      pause = kShortestPause;
      continue;
    }
    if (stop.stop_requested()) return;
    log_.Warn("publish_failed", done.error());
    Rest(stop, pause);
    pause = std::min(2 * pause, kLongestPause);
  }
}

Status ReconcileAll(const Context& context, ChainStore& chains, SplitStore* split, Logger& log) {
  ASSIGN_OR_RETURN(const auto ids, OutOfStep(context, chains));
  ASSIGN_OR_RETURN(const auto missing, FindMissing(context, chains, split, ids));
  RETURN_IF_ERROR(CheckRootsAreThere(context, chains, missing));
  TellMissing(context, chains, missing, log);
  for (const odf::DatasetId& id : ids) {
    const auto reconciled = Reconcile(context, chains, id);
    if (reconciled) {
      Tell(log, id, *reconciled);
    } else {
      log.Error("dataset_not_reconciled", reconciled.error(), {{"dataset", id.ToString()}});
    }
  }
  const Status published = chains.PublishAll(context);
  if (!published) log.Warn("publish_failed", published.error());
  return Ok();
}

}  // namespace weir::datasets
