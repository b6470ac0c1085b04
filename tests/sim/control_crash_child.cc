// The victim of control_crash_test.cc: clients that commit without end and say so once the store
// has acknowledged it. Usage: control_crash_child DATABASE CLIENTS, acknowledgements on stdout.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <thread>
#include <vector>

#include "control/sqlite_store.h"

namespace weir::control {
namespace {

constexpr int kKeys = 5;

// Every transaction of a client writes the same number under all of its keys, one more each time.
void RunClient(Store& store, std::int64_t client) {
  const Key keys = Key("clients").With(client);
  while (true) {
    std::int64_t number = 0;
    const auto outcome =
        store.Transact(Context::Background(), [&](Transaction& transaction) -> Status {
          const auto last = transaction.Get(keys.With(std::int64_t{0})).value();
          number = last ? std::stoll(last->value) + 1 : 1;
          for (int i = 0; i < kKeys; ++i) {
            RETURN_IF_ERROR(transaction.Put(keys.With(i), std::to_string(number)));
          }
          return transaction.Emit("numbers", fmt::format("{} {}", client, number));
        });
    // One write, so that the kill finds a line whole or not there.
    const std::string line = fmt::format("{} {} {}\n", client, number, outcome.value());
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return;
  }
}

}  // namespace
}  // namespace weir::control

int main(int /*count*/, char** arguments) {
  const auto store = weir::control::OpenSqliteStore(arguments[1]).value();
  std::vector<std::jthread> clients;
  for (int client = 0; client < std::atoi(arguments[2]); ++client) {
    clients.emplace_back([&store, client] { weir::control::RunClient(*store, client); });
  }
}
