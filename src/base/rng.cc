#include "base/rng.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <mutex>

#include "base/check.h"
#include "base/guarded_by.h"

namespace weir {
namespace {

class KernelRng final : public Rng {
 public:
  void Fill(std::span<std::byte> out) override {
    while (!out.empty()) {
      const ssize_t count = getrandom(out.data(), out.size(), 0);
      if (count < 0 && errno == EINTR) continue;
      WEIR_CHECK(count > 0);
      out = out.subspan(static_cast<std::size_t>(count));
    }
  }
};

// xoshiro256++ 1.0 of Blackman and Vigna, seeded by their splitmix64.
class Xoshiro final : public Rng {
 public:
  explicit Xoshiro(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
      z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
      word = z ^ (z >> 31);
    }
  }

  void Fill(std::span<std::byte> out) override {
    const std::lock_guard lock(mutex_);
    while (!out.empty()) {
      const std::uint64_t word = Step();
      const std::size_t count = std::min(out.size(), sizeof word);
      std::memcpy(out.data(), &word, count);
      out = out.subspan(count);
    }
  }

 private:
  std::uint64_t Step() {
    const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  std::mutex mutex_;
  std::array<std::uint64_t, 4> state_ WEIR_GUARDED_BY(mutex_);
};

}  // namespace

std::uint64_t Rng::Next() {
  std::uint64_t value = 0;
  Fill(std::as_writable_bytes(std::span(&value, 1)));
  return value;
}

std::uint64_t Rng::Below(std::uint64_t bound) {
  WEIR_CHECK(bound > 0);
  // The lowest values are drawn again, so that what is left is a multiple of `bound`.
  const std::uint64_t surplus = (0 - bound) % bound;
  for (;;) {
    const std::uint64_t value = Next();
    if (value >= surplus) return value % bound;
  }
}

Rng& SystemRng() {
  static KernelRng rng;
  return rng;
}

std::unique_ptr<Rng> SeededRng(std::uint64_t seed) { return std::make_unique<Xoshiro>(seed); }

}  // namespace weir
