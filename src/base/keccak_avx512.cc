#include <immintrin.h>

#include "base/keccak_lanes.h"
#include "base/keccak_rounds.h"

// Eight states in 25 registers of eight lanes. Compiled with -mavx512f; see keccak_lanes.h.
namespace weir {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlockWords = 17;

struct Word {
  static __m512i Xor(__m512i a, __m512i b) { return _mm512_xor_si512(a, b); }
  static __m512i Xor5(__m512i a, __m512i b, __m512i c, __m512i d, __m512i e) {
    constexpr int kXor3 = 0x96;
    return _mm512_ternarylogic_epi64(_mm512_ternarylogic_epi64(a, b, c, kXor3), d, e, kXor3);
  }
  // A step of three inputs costs what one of two does, so nothing is worth sharing.
  struct Column {
    __m512i b;
    __m512i c;
  };
  static Column Theta(__m512i b, __m512i c) { return {b, c}; }
  static __m512i Mix(__m512i a, const Column& column) {
    return _mm512_ternarylogic_epi64(a, column.b, column.c, 0x96);
  }
  template <int n>
  static __m512i Rotate(__m512i a) {
    return _mm512_rol_epi64(a, n);
  }
  static __m512i Chi(__m512i a, __m512i b, __m512i c) {
    constexpr int kXorAndNot = 0xd2;  // a ^ (~b & c) for each bit of the table
    return _mm512_ternarylogic_epi64(a, b, c, kXorAndNot);
  }
  static __m512i Constant(std::uint64_t c) { return _mm512_set1_epi64(static_cast<long long>(c)); }
};

// Xors four words of each lane's block into a[0..3]. Two lanes, four apart, share a register, so
// that two steps of shuffles within its halves turn lanes into words.
[[gnu::always_inline]] inline void XorFourWords(__m512i* a, const std::byte* const* blocks,
                                                std::size_t offset) {
  const auto load = [&](std::size_t lane) {
    const auto low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks[lane] + offset));
    const auto high =
        _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks[lane + 4] + offset));
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
  };
  const __m512i r0 = load(0), r1 = load(1), r2 = load(2), r3 = load(3);
  const __m512i w02_a = _mm512_unpacklo_epi64(r0, r1);  // words 0 and 2 of lanes 0, 1 and 4, 5
  const __m512i w13_a = _mm512_unpackhi_epi64(r0, r1);
  const __m512i w02_b = _mm512_unpacklo_epi64(r2, r3);  // of lanes 2, 3 and 6, 7
  const __m512i w13_b = _mm512_unpackhi_epi64(r2, r3);
  const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
  const __m512i high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
  a[0] = Word::Xor(a[0], _mm512_permutex2var_epi64(w02_a, low, w02_b));
  a[1] = Word::Xor(a[1], _mm512_permutex2var_epi64(w13_a, low, w13_b));
  a[2] = Word::Xor(a[2], _mm512_permutex2var_epi64(w02_a, high, w02_b));
  a[3] = Word::Xor(a[3], _mm512_permutex2var_epi64(w13_a, high, w13_b));
}

}  // namespace

void AbsorbBlocksAvx512(std::uint64_t* words, const std::byte* const* blocks, std::size_t count) {
  __m512i a[25];
  for (std::size_t i = 0; i < 25; ++i) a[i] = _mm512_loadu_si512(words + i * kLanes);
  const std::byte* at[kLanes];
  for (std::size_t lane = 0; lane < kLanes; ++lane) at[lane] = blocks[lane];

  for (; count > 0; --count) {
    XorFourWords(a, at, 0);
    XorFourWords(a + 4, at, 32);
    XorFourWords(a + 8, at, 64);
    XorFourWords(a + 12, at, 96);
    // The 17th word stands alone.
    const __m512i addresses = _mm512_loadu_si512(at);
    a[16] = Word::Xor(a[16], _mm512_i64gather_epi64(addresses, reinterpret_cast<void*>(128), 1));
    KeccakRounds<Word>(a);
    for (std::size_t lane = 0; lane < kLanes; ++lane) at[lane] += kBlockWords * 8;
  }

  for (std::size_t i = 0; i < 25; ++i) _mm512_storeu_si512(words + i * kLanes, a[i]);
}

}  // namespace weir
