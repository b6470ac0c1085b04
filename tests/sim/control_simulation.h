#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/rng.h"
#include "base/testing/fake_clock.h"
#include "control/committer.h"
#include "control/sqlite_backend.h"
#include "control/testing/faulty_disk.h"
#include "tests/sim/control_model.h"

namespace weir::control {

/// One run of the control store against its model, decided by its seed alone: batches of clients'
/// operations, watchers and readers, over a disk that fails, fills up and loses power between and
/// inside commits.
///
/// The model follows what was acknowledged. A commit whose outcome the store called unknown may be
/// found after the next power cut, until another commit has taken its place; nothing else may.
class ControlSimulation {
 public:
  explicit ControlSimulation(std::uint64_t seed);
  ~ControlSimulation();

  /// Empty, or what went wrong.
  std::string Run(int steps);

 private:
  struct WatcherState {
    explicit WatcherState(Key watched) : prefix(std::move(watched)) {}
    Key prefix;
    std::unique_ptr<Watcher> watcher;
    Revision since = 0;  // what it has seen begins after this revision
    Revision told = 0;
    std::map<Revision, ControlModel::Changes> seen;
  };
  struct Reader {
    std::unique_ptr<View> view;
    ControlModel expected;
  };

  void Step();
  void RunBatch();
  void Compare(const std::vector<Operation>& operations, const std::vector<Work>& works,
               Timestamp now, bool may_fail);
  void Open();
  void Close();
  void RestartAfterPowerCut();
  bool Matches(View& view, const ControlModel& model, std::string* difference) const;
  void CheckReaders();
  void PollWatchers();
  void Resume(WatcherState& state);
  void Collect(WatcherState& state, const std::vector<WatchEvent>& events);
  void CheckSeen(const WatcherState& state);
  void Fail(std::string what);

  const std::unique_ptr<Rng> rng_;
  FakeClock clock_;
  FaultyDisk disk_;
  ControlModel model_;
  std::vector<ControlModel> ghosts_;  // what a power cut may turn the model into
  std::string failure_;
  int power_cuts_ = 0;

  std::shared_ptr<SqliteBackend> backend_;
  std::shared_ptr<WatchHub> hub_;
  std::unique_ptr<Committer> committer_;
  std::vector<WatcherState> watchers_;
  std::deque<Reader> readers_;
};

}  // namespace weir::control
