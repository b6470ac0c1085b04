#pragma once

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace weir {

/// A call to be made once, later, perhaps on another thread. Move-only, so it may own what it
/// needs; std::function asks for copies.
class Task {
 public:
  Task() = default;

  template <typename Call>
    requires(std::invocable<std::decay_t<Call>&> && !std::same_as<std::decay_t<Call>, Task>)
  Task(Call&& call)  // NOLINT: implicit
      : held_(std::make_unique<Held<std::decay_t<Call>>>(std::forward<Call>(call))) {}

  explicit operator bool() const { return held_ != nullptr; }

  /// Makes the call, and lets go of it and of what it owns.
  void operator()() {
    const auto held = std::move(held_);
    held->Run();
  }

 private:
  struct Base {
    virtual ~Base() = default;
    virtual void Run() = 0;
  };
  template <typename Call>
  struct Held final : Base {
    explicit Held(Call kept) : call(std::move(kept)) {}
    void Run() override { call(); }
    Call call;
  };

  std::unique_ptr<Base> held_;
};

}  // namespace weir
