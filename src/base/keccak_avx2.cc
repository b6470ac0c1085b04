#include <immintrin.h>

#include "base/keccak_lanes.h"
#include "base/keccak_rounds.h"

// Four states, four lanes a register. Compiled with -mavx2; see keccak_lanes.h.
namespace weir {
namespace {

constexpr std::size_t kLanes = 4;
constexpr std::size_t kBlockWords = 17;

struct Word {
  static __m256i Xor(__m256i a, __m256i b) { return _mm256_xor_si256(a, b); }
  static __m256i Xor5(__m256i a, __m256i b, __m256i c, __m256i d, __m256i e) {
    return Xor(Xor(Xor(a, b), Xor(c, d)), e);
  }
  static __m256i Theta(__m256i b, __m256i c) { return Xor(b, c); }
  static __m256i Mix(__m256i a, __m256i d) { return Xor(a, d); }
  template <int n>
  static __m256i Rotate(__m256i a) {
    if constexpr (n == 1) {
      return Xor(_mm256_add_epi64(a, a), _mm256_srli_epi64(a, 63));  // an add has more ports
    } else if constexpr (n == 8) {                                   // whole bytes take one shuffle
      return _mm256_shuffle_epi8(
          a, _mm256_setr_epi8(7, 0, 1, 2, 3, 4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14, 7, 0, 1, 2, 3,
                              4, 5, 6, 15, 8, 9, 10, 11, 12, 13, 14));
    } else if constexpr (n == 56) {
      return _mm256_shuffle_epi8(
          a, _mm256_setr_epi8(1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8, 1, 2, 3, 4, 5,
                              6, 7, 0, 9, 10, 11, 12, 13, 14, 15, 8));
    } else {
      return _mm256_or_si256(_mm256_slli_epi64(a, n), _mm256_srli_epi64(a, 64 - n));
    }
  }
  static __m256i Chi(__m256i a, __m256i b, __m256i c) { return Xor(a, _mm256_andnot_si256(b, c)); }
  static __m256i Constant(std::uint64_t c) { return _mm256_set1_epi64x(static_cast<long long>(c)); }
};

// Xors four words of each lane's block into a[0..3]: a transposition of four by four.
[[gnu::always_inline]] inline void XorFourWords(__m256i* a, const std::byte* const* blocks,
                                                std::size_t offset) {
  const auto load = [&](std::size_t lane) {
    return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(blocks[lane] + offset));
  };
  const __m256i r0 = load(0), r1 = load(1), r2 = load(2), r3 = load(3);
  const __m256i w02_a = _mm256_unpacklo_epi64(r0, r1);  // words 0 and 2 of lanes 0 and 1
  const __m256i w13_a = _mm256_unpackhi_epi64(r0, r1);
  const __m256i w02_b = _mm256_unpacklo_epi64(r2, r3);
  const __m256i w13_b = _mm256_unpackhi_epi64(r2, r3);
  a[0] = Word::Xor(a[0], _mm256_permute2x128_si256(w02_a, w02_b, 0x20));
  a[1] = Word::Xor(a[1], _mm256_permute2x128_si256(w13_a, w13_b, 0x20));
  a[2] = Word::Xor(a[2], _mm256_permute2x128_si256(w02_a, w02_b, 0x31));
  a[3] = Word::Xor(a[3], _mm256_permute2x128_si256(w13_a, w13_b, 0x31));
}

long long LoadWord(const std::byte* from) {
  long long word = 0;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

}  // namespace

void AbsorbBlocksAvx2(std::uint64_t* words, const std::byte* const* blocks, std::size_t count) {
  const auto at = [words](std::size_t i) { return reinterpret_cast<__m256i*>(words + i * kLanes); };
  __m256i a[25];
  for (std::size_t i = 0; i < 25; ++i) a[i] = _mm256_loadu_si256(at(i));
  const std::byte* from[kLanes] = {blocks[0], blocks[1], blocks[2], blocks[3]};

  for (; count > 0; --count) {
    XorFourWords(a, from, 0);
    XorFourWords(a + 4, from, 32);
    XorFourWords(a + 8, from, 64);
    XorFourWords(a + 12, from, 96);
    // The 17th word stands alone.
    a[16] = Word::Xor(a[16], _mm256_setr_epi64x(LoadWord(from[0] + 128), LoadWord(from[1] + 128),
                                                LoadWord(from[2] + 128), LoadWord(from[3] + 128)));
    KeccakRounds<Word>(a);
    for (const std::byte*& lane : from) lane += kBlockWords * 8;
  }

  for (std::size_t i = 0; i < 25; ++i) _mm256_storeu_si256(at(i), a[i]);
}

}  // namespace weir
