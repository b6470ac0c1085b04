#include "catalog/cache_keeper.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "datasets/keys.h"
#include "datasets/state_rule.h"

namespace weir::catalog {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPause{500};  // commits that come together are looked at once

// Sleeps, but not past a request to stop.
void Rest(const std::stop_token& stop, std::chrono::milliseconds length) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, length, [] { return false; });
}

}  // namespace

Result<std::unique_ptr<CacheKeeper>> CacheKeeper::Start(datasets::ChainStore& chains,
                                                        datasets::StateStore& states,
                                                        datasets::Packer& packer, Logger& log,
                                                        CacheKeeperOptions options) {
  ASSIGN_OR_RETURN(auto watcher,
                   chains.store().Watch(datasets::HeadsKey(), chains.store().revision()));
  return std::unique_ptr<CacheKeeper>(
      new CacheKeeper(chains, states, packer, log, std::move(options), std::move(watcher)));
}

CacheKeeper::CacheKeeper(datasets::ChainStore& chains, datasets::StateStore& states,
                         datasets::Packer& packer, Logger& log, CacheKeeperOptions options,
                         std::unique_ptr<control::Watcher> watcher)
    : chains_(chains),
      states_(states),
      packer_(packer),
      log_(log),
      options_(std::move(options)),
      watcher_(std::move(watcher)),
      thread_([this](const std::stop_token& stop) { Work(stop); }) {}

CacheKeeper::~CacheKeeper() {
  thread_.request_stop();
  thread_.join();
}

void CacheKeeper::Work(const std::stop_token& stop) {
  const Context context = Context::Background().WithCancel(stop);
  Rest(stop, options_.first_look);
  if (stop.stop_requested()) return;
  const Status looked = KeepAll(context, stop);
  if (!looked && !stop.stop_requested()) log_.Warn("cache_not_kept", looked.error());
  Evict(context);
  while (!stop.stop_requested()) {
    const Status done = WaitAndKeep(context, stop);
    if (stop.stop_requested()) return;
    if (!done) log_.Warn("cache_not_kept", done.error());
    Rest(stop, kPause);
  }
}

// The datasets that were committed to since the last time.
Status CacheKeeper::WaitAndKeep(const Context& context, const std::stop_token& stop) {
  auto events = watcher_->Next(context);
  if (!events) {
    if (events.error().code != ErrorCode::kExhausted) return events.error();
    const auto now = chains_.store().revision();
    ASSIGN_OR_RETURN(watcher_, chains_.store().Watch(datasets::HeadsKey(), now));
    return KeepAll(context, stop);
  }
  std::set<odf::DatasetId> ids;
  for (const control::WatchEvent& event : *events) {
    if (event.kind != control::WatchEvent::Kind::kPut || !event.key) continue;
    ASSIGN_OR_RETURN(const odf::DatasetId id, datasets::IdIn(*event.key));
    ids.insert(id);
  }
  return KeepEach(context, stop, ids);
}

Status CacheKeeper::KeepAll(const Context& context, const std::stop_token& stop) {
  ASSIGN_OR_RETURN(const auto ids, chains_.List(context));
  return KeepEach(context, stop, {ids.begin(), ids.end()});
}

Status CacheKeeper::KeepEach(const Context& context, const std::stop_token& stop,
                             const std::set<odf::DatasetId>& ids) {
  bool has_made = false;
  const auto note = [&](const char* event, const odf::DatasetId& id, const Result<bool>& made) {
    if (made) {
      has_made = has_made || *made;
    } else if (!stop.stop_requested()) {
      log_.Warn(event, made.error(), {{"dataset", id.ToString()}});
    }
  };
  for (const odf::DatasetId& id : ids) {
    note("state_not_refreshed", id, Refresh(context, id));
    RETURN_IF_ERROR(context.Check());
    note("slices_not_packed", id, Pack(context, stop, id));
    RETURN_IF_ERROR(context.Check());
  }
  if (has_made) Evict(context);
  return Ok();
}

Result<bool> CacheKeeper::Refresh(const Context& context, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto record, chains_.Read(context, id));
  const datasets::StateRule rule = datasets::StateRuleOf(record.chain);
  if (rule.key.empty() || !record.chain.has_data) return false;
  const datasets::ReadPoint point{.head = record.chain.head.value(),
                                  .sequence_number = record.chain.sequence_number,
                                  .vocab = record.chain.vocab};
  ASSIGN_OR_RETURN(const bool pays, states_.Pays(context, id, point, rule.key));
  if (!pays) return false;
  if (!engine_) {
    ASSIGN_OR_RETURN(engine_, engine::OpenDuckDbEngine(options_.engine));
  }
  return states_.Refresh(context, *engine_, id, point, rule.key);
}

Result<bool> CacheKeeper::Pack(const Context& context, const std::stop_token& stop,
                               const odf::DatasetId& id) {
  if (options_.packing_percent == 0 || unpackable_.contains(id)) return false;
  for (bool has_packed = false;; has_packed = true) {
    const auto begun = steady_clock::now();
    const auto packed = packer_.Step(context, id);
    if (!packed) {
      const ErrorCode code = packed.error().code;
      const bool is_for_good = code == ErrorCode::kInvalid || code == ErrorCode::kUnimplemented ||
                               code == ErrorCode::kInternal;
      if (is_for_good) unpackable_.insert(id);
      return packed.error();
    }
    if (!*packed) return has_packed;
    const auto worked = steady_clock::now() - begun;
    const auto rest = worked * (100 - options_.packing_percent) / options_.packing_percent;
    Rest(stop, std::chrono::duration_cast<std::chrono::milliseconds>(rest));
  }
}

void CacheKeeper::Evict(const Context& context) {
  const auto evicted = datasets::KeepWithin(context, options_.parts, options_.most_bytes);
  if (!evicted) {
    if (context.Check()) log_.Warn("cache_not_bounded", evicted.error());
  } else if (evicted->entries > 0) {
    log_.Info("cache_evicted", {{"entries", std::to_string(evicted->entries)},
                                {"bytes", std::to_string(evicted->bytes)}});
  }
}

}  // namespace weir::catalog
