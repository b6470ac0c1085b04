#include "pipelines/derive/graph_pull.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "datasets/pull_failure.h"

namespace weir::pipelines {
namespace {

class Pulling {
 public:
  Pulling(const Context& context, datasets::ChainStore& chains, Deriver& deriver,
          const Clock& clock, const std::vector<GraphNode>& graph, const PollSource& poll)
      : context_(context), chains_(chains), deriver_(deriver), clock_(clock), poll_(poll) {
    for (const GraphNode& node : graph) {
      places_[node.entry.id] = outcomes_.size();
      outcomes_.push_back({.node = node});
      states_.push_back(State::kWaiting);
    }
  }

  std::vector<PullOutcome> Run(std::size_t at_a_time) {
    Work(at_a_time, false);
    if (const Status cut = TakeCut(); !cut) {
      for (std::size_t i = 0; i < outcomes_.size(); ++i) {
        if (outcomes_[i].node.is_derivative) outcomes_[i].error = cut.error();
      }
      return std::move(outcomes_);
    }
    Work(at_a_time, true);
    return std::move(outcomes_);
  }

 private:
  enum class State { kWaiting, kWorking, kDone };

  void Work(std::size_t at_a_time, bool derivatives) {
    std::vector<std::jthread> threads;
    const auto count = static_cast<std::size_t>(std::ranges::count_if(
        outcomes_, [&](const auto& each) { return each.node.is_derivative == derivatives; }));
    for (std::size_t i = 1; i < std::min(at_a_time, count); ++i) {
      threads.emplace_back([this, derivatives] { WorkOff(derivatives); });
    }
    WorkOff(derivatives);
  }

  void WorkOff(bool derivatives) {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto next = FindNext(derivatives);
      if (!next && !IsAnyWorking(derivatives)) return;
      if (!next) {
        changed_.wait(lock);
        continue;
      }
      states_[*next] = State::kWorking;
      PullOutcome& outcome = outcomes_[*next];
      SkipIfAnInputFailed(outcome);
      const Cut cut = cut_;
      lock.unlock();
      Do(outcome, cut);
      lock.lock();
      states_[*next] = State::kDone;
      if (derivatives && !outcome.error) {
        cut_[outcome.node.entry.id] = outcome.report.last.new_head;
      }
      changed_.notify_all();
    }
  }

  // One that waits, and whose inputs are done.
  std::optional<std::size_t> FindNext(bool derivatives) const {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      if (states_[i] != State::kWaiting) continue;
      const GraphNode& node = outcomes_[i].node;
      if (node.is_derivative == derivatives && AreInputsDone(node) && IsCheckable(i)) return i;
    }
    return std::nullopt;
  }

  bool AreInputsDone(const GraphNode& node) const {
    return std::ranges::all_of(node.inputs, [&](const odf::DatasetId& input) {
      const auto place = places_.find(input);
      return place == places_.end() || states_[place->second] == State::kDone;
    });
  }

  // Those before it in the graph, so that datasets which check each other do not wait for ever. In
  // the turn of the sources no derivative will be done.
  bool IsCheckable(std::size_t number) const {
    const GraphNode& node = outcomes_[number].node;
    return std::ranges::all_of(node.checked_against, [&](const odf::DatasetId& other) {
      const auto place = places_.find(other);
      if (place == places_.end() || place->second >= number) return true;
      const bool is_of_this_turn =
          outcomes_[place->second].node.is_derivative == node.is_derivative;
      return !is_of_this_turn || states_[place->second] == State::kDone;
    });
  }

  bool IsAnyWorking(bool derivatives) const {
    for (std::size_t i = 0; i < outcomes_.size(); ++i) {
      const bool counts = outcomes_[i].node.is_derivative == derivatives;
      if (counts && states_[i] == State::kWorking) return true;
    }
    return false;
  }

  void SkipIfAnInputFailed(PullOutcome& outcome) const {
    for (const odf::DatasetId& input : outcome.node.inputs) {
      const auto place = places_.find(input);
      if (place == places_.end() || !outcomes_[place->second].error) continue;
      const PullOutcome& failed = outcomes_[place->second];
      outcome.waits_for = failed.was_skipped() ? failed.waits_for : failed.node.entry.name;
      outcome.error = Error{
          failed.error->code, fmt::format("it waits for {}, which failed", outcome.waits_for), {}};
      return;
    }
  }

  void Do(PullOutcome& outcome, const Cut& cut) {
    const GraphNode& node = outcome.node;
    const bool is_idle = !node.is_derivative && !node.has_polling_source;
    if (is_idle) return;
    if (!outcome.error && node.is_derivative) {
      auto report = deriver_.Update(context_, node.entry.id, cut);
      if (report) {
        outcome.report = {
            .rows = report->rows, .warnings = report->warnings, .last = *std::move(report)};
      } else {
        outcome.error = std::move(report).error();
      }
    } else if (!outcome.error) {
      auto report = poll_(node);
      if (report) {
        outcome.report = *std::move(report);
      } else {
        outcome.error = std::move(report).error();
      }
    }
    // What cannot be noted is in the outcome all the same.
    [[maybe_unused]] const Status noted =
        datasets::NotePull(context_, chains_.store(), node.entry.id, clock_.Now(), outcome.error);
  }

  // The heads of all that is read from, as one snapshot has them.
  Status TakeCut() {
    ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
    for (const PullOutcome& outcome : outcomes_) {
      for (const odf::DatasetId& input : outcome.node.inputs) {
        const auto record = datasets::ReadChainRecord(*snapshot, input);
        if (record) cut_[input] = *record->chain.head;
      }
    }
    return Ok();
  }

  const Context& context_;
  datasets::ChainStore& chains_;
  Deriver& deriver_;
  const Clock& clock_;
  const PollSource& poll_;
  std::map<odf::DatasetId, std::size_t> places_;
  std::mutex mutex_;  // over all below
  std::condition_variable changed_;
  std::vector<PullOutcome> outcomes_;
  std::vector<State> states_;
  Cut cut_;
};

}  // namespace

std::vector<PullOutcome> PullGraph(const Context& context, datasets::ChainStore& chains,
                                   Deriver& deriver, const Clock& clock,
                                   const std::vector<GraphNode>& graph, const PollSource& poll,
                                   std::size_t at_a_time) {
  return Pulling(context, chains, deriver, clock, graph, poll).Run(at_a_time);
}

}  // namespace weir::pipelines
