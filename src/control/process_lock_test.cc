#include "control/process_lock.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <csignal>

#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"

namespace weir::control {
namespace {

TEST(ProcessLock, ASecondHolderIsToldThePidOfTheFirst) {
  const TempDir dir;
  const auto first = ProcessLock::Acquire(dir / "lock", "the home").value();
  const auto second = ProcessLock::Acquire(dir / "lock", "the home");
  ASSERT_EQ(CodeOf(second), ErrorCode::kConflict);
  EXPECT_EQ(second.error().message, "the home is in use by process " + std::to_string(::getpid()));
}

TEST(ProcessLock, IsFreeAgainOnceGivenBack) {
  const TempDir dir;
  ProcessLock::Acquire(dir / "lock", "the home").value().reset();
  EXPECT_TRUE(IsOk(ProcessLock::Acquire(dir / "lock", "the home")));
}

// Goal: a holder that is killed leaves nothing locked. Method: a child takes the lock, says so, and
// waits to be killed.
TEST(ProcessLock, EndsWithTheProcessHoweverThatEnds) {
  const TempDir dir;
  int pipe_ends[2];
  ASSERT_EQ(::pipe(pipe_ends), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = ProcessLock::Acquire(dir / "lock", "the home");
    (void)!::write(pipe_ends[1], lock ? "y" : "n", 1);
    ::pause();
    ::_exit(0);
  }
  char took = 0;
  ASSERT_EQ(::read(pipe_ends[0], &took, 1), 1);
  EXPECT_EQ(took, 'y');
  const auto refused = ProcessLock::Acquire(dir / "lock", "the home");
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ASSERT_EQ(CodeOf(refused), ErrorCode::kConflict);
  EXPECT_NE(refused.error().message.find("process " + std::to_string(child)), std::string::npos);
  EXPECT_TRUE(IsOk(ProcessLock::Acquire(dir / "lock", "the home")));
  ::close(pipe_ends[0]);
  ::close(pipe_ends[1]);
}

TEST(ProcessLock, ASecondStoreOnOneFileIsRefused) {
  const TempDir dir;
  const auto first = OpenSqliteStore(dir / "control.db").value();
  const auto second = OpenSqliteStore(dir / "control.db");
  ASSERT_EQ(CodeOf(second), ErrorCode::kConflict);
  EXPECT_NE(second.error().message.find(std::to_string(::getpid())), std::string::npos);
}

}  // namespace
}  // namespace weir::control
