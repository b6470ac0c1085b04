#include "tests/sim/control_simulation.h"

#include <utility>

namespace weir::control {
namespace {

constexpr const char* kPath = "/control.db";
constexpr Retention kRetention{.changes = 60, .bytes = 200'000};
constexpr WatchHub::Options kWatch{.max_commits = 10, .max_bytes = 100'000, .bookmark_every = 15};

bool IsOfTheDisk(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kExhausted;
}

bool IsUnknown(const Error& error) { return error.message.find("unknown") != std::string::npos; }

}  // namespace

ControlSimulation::ControlSimulation(std::uint64_t seed)
    : rng_(SeededRng(seed)), disk_(rng_->Next()) {
  for (const Key& prefix :
       {Key("things"), Key("others"), Key("things").With("a"), Key("things").With("b").With(1)}) {
    watchers_.emplace_back(prefix);
  }
}

ControlSimulation::~ControlSimulation() { Close(); }

std::string ControlSimulation::Run(int steps) {
  Open();
  for (int step = 0; step < steps && failure_.empty(); ++step) Step();
  return failure_;
}

void ControlSimulation::Step() {
  clock_.Advance(std::chrono::milliseconds(rng_->Below(3000)));
  const std::uint64_t kind = rng_->Below(100);
  if (kind < 70) {
    RunBatch();
  } else if (kind < 85) {
    PollWatchers();
  } else if (kind < 90) {
    if (auto view = backend_->OpenView(Context::Background())) {
      readers_.push_back({std::move(*view), model_});
      if (readers_.size() > 3) readers_.pop_front();
    }
  } else if (kind < 95) {
    CheckReaders();
  } else if (kind < 98) {
    disk_.CutPower();
  } else {
    Close();
    Open();
  }
  if (disk_.power_cuts() != power_cuts_) RestartAfterPowerCut();
}

void ControlSimulation::RunBatch() {
  std::vector<Operation> operations;
  std::vector<Work> works;
  for (std::uint64_t clients = 1 + rng_->Below(6); clients > 0; --clients) {
    operations.push_back(model_.Random(*rng_));
  }
  std::vector<Work*> batch;
  works.reserve(operations.size());
  for (const Operation& operation : operations) {
    works.push_back({.body = [&operation](BatchTransaction& transaction) {
      return operation.Run(transaction);
    }});
    batch.push_back(&works.back());
  }
  const bool fails = rng_->Below(6) == 0;
  const bool fills = !fails && rng_->Below(12) == 0;
  if (fails) disk_.FailCall(static_cast<int>(rng_->Below(24)), static_cast<Fault>(rng_->Below(3)));
  if (fills) disk_.FillDisk(static_cast<std::int64_t>(rng_->Below(40'000)));
  const Timestamp now = clock_.Now();
  committer_->Run(batch);
  backend_->Tidy(/*is_busy=*/false);
  disk_.Heal();
  disk_.FillDisk(-1);
  Compare(operations, works, now, fails || fills);
}

void ControlSimulation::Compare(const std::vector<Operation>& operations,
                                const std::vector<Work>& works, Timestamp now, bool may_fail) {
  ControlModel ghost = model_;
  bool is_unknown = false;
  bool wrote = false;
  for (std::size_t i = 0; i < works.size(); ++i) {
    const Result<Revision>& outcome = works[i].outcome;
    (void)ghost.Execute(operations[i], now);
    if (!outcome && IsOfTheDisk(outcome.error())) {
      if (!may_fail) return Fail("a sound disk failed: " + outcome.error().message);
      is_unknown = is_unknown || IsUnknown(outcome.error());
      continue;
    }
    const auto before = model_.entries();
    const auto position = model_.position();
    const Result<Revision> expected = model_.Execute(operations[i], now);
    wrote = wrote || before != model_.entries() || position != model_.position();
    if (outcome.has_value() != expected.has_value()) {
      return Fail(outcome ? "an operation that had to fail did not"
                          : "an operation failed: " + outcome.error().message);
    }
    if (outcome && *outcome != *expected) return Fail("a commit has the wrong revision");
    if (!outcome && outcome.error().code != expected.error().code) {
      return Fail("an operation failed for the wrong reason: " + outcome.error().message);
    }
  }
  if (wrote) ghosts_.clear();  // their place in the log is taken
  if (is_unknown) ghosts_.push_back(std::move(ghost));
}

void ControlSimulation::Open() {
  const SqliteBackend::Options options{
      .connection = {.vfs = disk_.vfs()}, .checkpoint_pages = 12, .checkpoints_aside = false};
  auto backend = SqliteBackend::Open(kPath, options, nullptr);
  if (!backend) return Fail("it does not open: " + backend.error().message);
  backend_ = std::move(*backend);
  auto view = backend_->OpenView(Context::Background());
  if (!view) return Fail("it cannot be read: " + view.error().message);
  hub_ = WatchHub::Start(backend_, (*view)->revision(), kWatch);
  committer_ = std::make_unique<Committer>(*backend_, *hub_, clock_, kRetention);
  std::string difference;
  if (Matches(**view, model_, &difference)) return;
  for (const ControlModel& ghost : ghosts_) {
    if (!Matches(**view, ghost, nullptr)) continue;
    model_ = ghost;
    ghosts_.clear();
    return;
  }
  Fail("it is not what was acknowledged: " + difference);
}

void ControlSimulation::Close() {
  for (WatcherState& state : watchers_) state.watcher.reset();
  readers_.clear();
  committer_.reset();
  if (hub_) hub_->Close();
  hub_.reset();
  backend_.reset();
}

void ControlSimulation::RestartAfterPowerCut() {
  power_cuts_ = disk_.power_cuts();
  Close();
  Open();
  ghosts_.clear();
}

bool ControlSimulation::Matches(View& view, const ControlModel& model,
                                std::string* difference) const {
  const auto differ = [&](std::string what) {
    if (difference != nullptr) *difference = std::move(what);
    return false;
  };
  if (view.revision() != model.revision()) {
    return differ(fmt::format("revision {} instead of {}", view.revision(), model.revision()));
  }
  const auto entries = view.ReadEntries(std::nullopt, 10'000);
  const auto events = view.ReadEvents(std::nullopt, 0, 10'000);
  const auto commits = view.ReadCommits(view.state().floor, view.revision());
  if (!entries || !events || !commits) return differ("it cannot be read");
  std::map<Key, ControlModel::Value> found;
  for (const Entry& entry : *entries) found[entry.key] = {entry.value, entry.revision};
  if (found != model.entries()) return differ("the entries differ");
  std::deque<ControlModel::Event> queue;
  for (const StoredEvent& event : *events) {
    queue.push_back({event.position, event.topic, event.payload});
  }
  if (queue != model.events()) return differ("the outbox differs");
  Revision next = view.state().floor;
  std::int64_t changes = 0;
  for (const CommitPtr& commit : *commits) {
    if (commit->revision != ++next) return differ("the log has a gap");
    ControlModel::Changes logged;
    for (const Change& change : commit->changes) {
      logged[change.key] = change.value ? std::optional(*change.value) : std::nullopt;
    }
    if (logged != model.history().at(next)) return differ("the log differs");
    changes += static_cast<std::int64_t>(logged.size());
  }
  if (next != view.revision()) return differ("the log ends too early");
  if (changes != view.state().log_changes) return differ("the log is miscounted");
  return true;
}

void ControlSimulation::CheckReaders() {
  for (const Reader& reader : readers_) {
    std::string difference;
    if (!Matches(*reader.view, reader.expected, &difference)) {
      Fail("a snapshot did not stay as it was: " + difference);
    }
  }
}

void ControlSimulation::PollWatchers() {
  for (WatcherState& state : watchers_) {
    if (!state.watcher) Resume(state);
    while (state.watcher && failure_.empty()) {
      const auto events = state.watcher->Poll(1 + rng_->Below(5));
      if (!events) {
        // It lists again, and starts from there.
        if (events.error().code != ErrorCode::kExhausted) {
          return Fail("a watcher failed: " + events.error().message);
        }
        state.watcher.reset();
        state.seen.clear();
        state.since = state.told = model_.revision();
      } else if (events->empty()) {
        CheckSeen(state);
        break;
      } else {
        Collect(state, *events);
      }
    }
  }
}

void ControlSimulation::Resume(WatcherState& state) {
  if (state.told == 0) {
    // From the beginning of what is kept, which is here.
    auto view = backend_->OpenView(Context::Background());
    if (!view) return Fail("it cannot be read: " + view.error().message);
    state.since = (*view)->state().floor;
  }
  auto watcher = hub_->Watch(state.prefix, state.told);
  if (watcher) {
    state.watcher = std::move(*watcher);
    return;
  }
  if (watcher.error().code != ErrorCode::kExhausted) {
    return Fail("a watch failed: " + watcher.error().message);
  }
  state.seen.clear();
  state.since = state.told = model_.revision();
}

void ControlSimulation::Collect(WatcherState& state, const std::vector<WatchEvent>& events) {
  for (const WatchEvent& event : events) {
    if (event.revision < state.told) return Fail("a watcher saw changes out of order");
    if (event.kind != WatchEvent::Kind::kBookmark) {
      const bool is_put = event.kind == WatchEvent::Kind::kPut;
      auto& changes = state.seen[event.revision];
      if (!changes.emplace(*event.key, is_put ? std::optional(event.value) : std::nullopt).second) {
        return Fail("a watcher saw a change twice");
      }
    }
    state.told = event.revision;
  }
}

// Everything since it began to watch, once, and nothing else.
void ControlSimulation::CheckSeen(const WatcherState& state) {
  std::map<Revision, ControlModel::Changes> wanted;
  for (const auto& [revision, changes] : model_.history()) {
    if (revision <= state.since) continue;
    for (const auto& [key, value] : changes) {
      if (state.prefix.IsPrefixOf(key)) wanted[revision][key] = value;
    }
  }
  if (wanted != state.seen) {
    Fail(fmt::format("a watcher of {} saw {} commits instead of {}", state.prefix.ToString(),
                     state.seen.size(), wanted.size()));
  }
}

void ControlSimulation::Fail(std::string what) {
  if (failure_.empty()) failure_ = std::move(what);
}

}  // namespace weir::control
