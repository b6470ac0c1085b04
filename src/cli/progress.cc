#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace weir::cli {
namespace {

using namespace std::chrono_literals;

void Write(std::string_view text) { (void)!::write(STDERR_FILENO, text.data(), text.size()); }

std::function<std::string(std::chrono::milliseconds)> WithSeconds(std::string what) {
  return [what = std::move(what)](std::chrono::milliseconds passed) {
    return fmt::format("{} {}s", what, passed.count() / 1000);
  };
}

}  // namespace

Progress::Progress(const Terminal& terminal, std::string what)
    : Progress(terminal, WithSeconds(std::move(what))) {}

Progress::Progress(const Terminal& terminal,
                   std::function<std::string(std::chrono::milliseconds)> what)
    : tell_(std::move(what)) {
  if (terminal.err) {
    thread_.emplace([this](const std::stop_token& done) { Show(done); });
  }
}

Progress::~Progress() = default;

void Progress::Say(std::string what) {
  const std::lock_guard lock(mutex_);
  tell_ = WithSeconds(std::move(what));
}

void Progress::Show(const std::stop_token& done) {
  constexpr std::array<std::string_view, 4> kSigns = {"|", "/", "-", "\\"};
  std::unique_lock lock(mutex_);
  const auto began = std::chrono::steady_clock::now();
  const auto ended = [&] { return done.stop_requested(); };
  if (ended_.wait_for(lock, done, 500ms, ended) || ended()) return;
  for (std::size_t turn = 0; !ended(); ++turn) {
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - began);
    Write(fmt::format("\r\x1b[K{} {}", kSigns[turn % kSigns.size()], tell_(passed)));
    ended_.wait_for(lock, done, 120ms, ended);
  }
  Write("\r\x1b[K");
}

}  // namespace weir::cli
