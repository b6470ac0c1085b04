#include "cli/interrupt.h"

#include <unistd.h>

#include <csignal>

#include "cli/exit_code.h"

namespace weir::cli {

void ExitOnInterrupt() {
  struct sigaction action = {};
  action.sa_handler = [](int) { ::_exit(static_cast<int>(ExitCode::kInterrupted)); };
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

}  // namespace weir::cli
