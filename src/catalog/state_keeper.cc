#include "catalog/state_keeper.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "datasets/keys.h"
#include "datasets/state_rule.h"

namespace weir::catalog {
namespace {

constexpr std::chrono::milliseconds kPause{500};  // commits that come together are looked at once

// Sleeps, but not past a request to stop.
void Rest(const std::stop_token& stop, std::chrono::milliseconds length) {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, length, [] { return false; });
}

}  // namespace

Result<std::unique_ptr<StateKeeper>> StateKeeper::Start(datasets::ChainStore& chains,
                                                        datasets::StateStore& states,
                                                        engine::EngineOptions options, Logger& log,
                                                        std::chrono::milliseconds first_look) {
  ASSIGN_OR_RETURN(auto watcher,
                   chains.store().Watch(datasets::HeadsKey(), chains.store().revision()));
  return std::unique_ptr<StateKeeper>(
      new StateKeeper(chains, states, std::move(options), log, std::move(watcher), first_look));
}

StateKeeper::StateKeeper(datasets::ChainStore& chains, datasets::StateStore& states,
                         engine::EngineOptions options, Logger& log,
                         std::unique_ptr<control::Watcher> watcher,
                         std::chrono::milliseconds first_look)
    : chains_(chains),
      states_(states),
      options_(std::move(options)),
      log_(log),
      watcher_(std::move(watcher)),
      first_look_(first_look),
      thread_([this](const std::stop_token& stop) { Work(stop); }) {}

StateKeeper::~StateKeeper() {
  thread_.request_stop();
  thread_.join();
}

void StateKeeper::Work(const std::stop_token& stop) {
  const Context context = Context::Background().WithCancel(stop);
  Rest(stop, first_look_);
  if (stop.stop_requested()) return;
  const Status looked = RefreshAll(context);
  if (!looked && !stop.stop_requested()) log_.Warn("states_not_refreshed", looked.error());
  while (!stop.stop_requested()) {
    const Status done = WaitAndRefresh(context);
    if (stop.stop_requested()) return;
    if (!done) log_.Warn("states_not_refreshed", done.error());
    Rest(stop, kPause);
  }
}

// The datasets that were committed to since the last time.
Status StateKeeper::WaitAndRefresh(const Context& context) {
  auto events = watcher_->Next(context);
  if (!events) {
    if (events.error().code != ErrorCode::kExhausted) return events.error();
    const auto now = chains_.store().revision();
    ASSIGN_OR_RETURN(watcher_, chains_.store().Watch(datasets::HeadsKey(), now));
    return RefreshAll(context);
  }
  std::set<odf::DatasetId> ids;
  for (const control::WatchEvent& event : *events) {
    if (event.kind != control::WatchEvent::Kind::kPut || !event.key) continue;
    ASSIGN_OR_RETURN(const odf::DatasetId id, datasets::IdIn(*event.key));
    ids.insert(id);
  }
  return RefreshEach(context, ids);
}

Status StateKeeper::RefreshAll(const Context& context) {
  ASSIGN_OR_RETURN(const auto ids, chains_.List(context));
  return RefreshEach(context, {ids.begin(), ids.end()});
}

Status StateKeeper::RefreshEach(const Context& context, const std::set<odf::DatasetId>& ids) {
  for (const odf::DatasetId& id : ids) {
    const Status refreshed = Refresh(context, id);
    RETURN_IF_ERROR(context.Check());
    if (!refreshed) {
      log_.Warn("state_not_refreshed", refreshed.error(), {{"dataset", id.ToString()}});
    }
  }
  return Ok();
}

Status StateKeeper::Refresh(const Context& context, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto record, chains_.Read(context, id));
  const datasets::StateRule rule = datasets::StateRuleOf(record.chain);
  if (rule.key.empty() || !record.chain.has_data) return Ok();
  const datasets::ReadPoint point{.head = record.chain.head.value(),
                                  .sequence_number = record.chain.sequence_number,
                                  .vocab = record.chain.vocab};
  ASSIGN_OR_RETURN(const bool pays, states_.Pays(context, id, point, rule.key));
  if (!pays) return Ok();
  if (!engine_) {
    ASSIGN_OR_RETURN(engine_, engine::OpenDuckDbEngine(options_));
  }
  const auto made = states_.Refresh(context, *engine_, id, point, rule.key);
  return made ? Ok() : Status(made.error());
}

}  // namespace weir::catalog
