#pragma once

#include <cstddef>
#include <cstdint>

namespace weir {

inline constexpr std::uint64_t kKeccakRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

/// One round of Keccak-f[1600] (FIPS 202, 3.3) from `a` to `e`, on words of which each may be a
/// vector of 64-bit lanes, one lane for each state. Word x + 5y is lane (x, y) of the standard.
///
/// `Word` gives: Xor5(a, b, c, d, e), Rotate<n>(a) to the left, Chi(a, b, c), which is a ^ (~b &
/// c), Xor(a, b), and Constant(c), which has c in every lane. Mix(a, Theta(b, c)) is a ^ b ^ c, the
/// inner part shared by five words.
///
/// theta's column parities come first; then each row of the result is made whole, so that the five
/// words it came from die and no more words live at a time than a state has, and ten.
template <typename Word, typename Value>
[[gnu::always_inline]] inline void KeccakRound(const Value (&a)[25], Value (&e)[25],
                                               std::uint64_t constant) {
  const Value c0 = Word::Xor5(a[0], a[5], a[10], a[15], a[20]);
  const Value c1 = Word::Xor5(a[1], a[6], a[11], a[16], a[21]);
  const Value c2 = Word::Xor5(a[2], a[7], a[12], a[17], a[22]);
  const Value c3 = Word::Xor5(a[3], a[8], a[13], a[18], a[23]);
  const Value c4 = Word::Xor5(a[4], a[9], a[14], a[19], a[24]);
  const auto d0 = Word::Theta(c4, Word::template Rotate<1>(c1));
  const auto d1 = Word::Theta(c0, Word::template Rotate<1>(c2));
  const auto d2 = Word::Theta(c1, Word::template Rotate<1>(c3));
  const auto d3 = Word::Theta(c2, Word::template Rotate<1>(c4));
  const auto d4 = Word::Theta(c3, Word::template Rotate<1>(c0));

  Value b0 = Word::Mix(a[0], d0);
  Value b1 = Word::template Rotate<44>(Word::Mix(a[6], d1));
  Value b2 = Word::template Rotate<43>(Word::Mix(a[12], d2));
  Value b3 = Word::template Rotate<21>(Word::Mix(a[18], d3));
  Value b4 = Word::template Rotate<14>(Word::Mix(a[24], d4));
  e[0] = Word::Xor(Word::Chi(b0, b1, b2), Word::Constant(constant));
  e[1] = Word::Chi(b1, b2, b3);
  e[2] = Word::Chi(b2, b3, b4);
  e[3] = Word::Chi(b3, b4, b0);
  e[4] = Word::Chi(b4, b0, b1);

  b0 = Word::template Rotate<28>(Word::Mix(a[3], d3));
  b1 = Word::template Rotate<20>(Word::Mix(a[9], d4));
  b2 = Word::template Rotate<3>(Word::Mix(a[10], d0));
  b3 = Word::template Rotate<45>(Word::Mix(a[16], d1));
  b4 = Word::template Rotate<61>(Word::Mix(a[22], d2));
  e[5] = Word::Chi(b0, b1, b2);
  e[6] = Word::Chi(b1, b2, b3);
  e[7] = Word::Chi(b2, b3, b4);
  e[8] = Word::Chi(b3, b4, b0);
  e[9] = Word::Chi(b4, b0, b1);

  b0 = Word::template Rotate<1>(Word::Mix(a[1], d1));
  b1 = Word::template Rotate<6>(Word::Mix(a[7], d2));
  b2 = Word::template Rotate<25>(Word::Mix(a[13], d3));
  b3 = Word::template Rotate<8>(Word::Mix(a[19], d4));
  b4 = Word::template Rotate<18>(Word::Mix(a[20], d0));
  e[10] = Word::Chi(b0, b1, b2);
  e[11] = Word::Chi(b1, b2, b3);
  e[12] = Word::Chi(b2, b3, b4);
  e[13] = Word::Chi(b3, b4, b0);
  e[14] = Word::Chi(b4, b0, b1);

  b0 = Word::template Rotate<27>(Word::Mix(a[4], d4));
  b1 = Word::template Rotate<36>(Word::Mix(a[5], d0));
  b2 = Word::template Rotate<10>(Word::Mix(a[11], d1));
  b3 = Word::template Rotate<15>(Word::Mix(a[17], d2));
  b4 = Word::template Rotate<56>(Word::Mix(a[23], d3));
  e[15] = Word::Chi(b0, b1, b2);
  e[16] = Word::Chi(b1, b2, b3);
  e[17] = Word::Chi(b2, b3, b4);
  e[18] = Word::Chi(b3, b4, b0);
  e[19] = Word::Chi(b4, b0, b1);

  b0 = Word::template Rotate<62>(Word::Mix(a[2], d2));
  b1 = Word::template Rotate<55>(Word::Mix(a[8], d3));
  b2 = Word::template Rotate<39>(Word::Mix(a[14], d4));
  b3 = Word::template Rotate<41>(Word::Mix(a[15], d0));
  b4 = Word::template Rotate<2>(Word::Mix(a[21], d1));
  e[20] = Word::Chi(b0, b1, b2);
  e[21] = Word::Chi(b1, b2, b3);
  e[22] = Word::Chi(b2, b3, b4);
  e[23] = Word::Chi(b3, b4, b0);
  e[24] = Word::Chi(b4, b0, b1);
}

/// All 24 rounds, in place.
template <typename Word, typename Value>
[[gnu::always_inline]] inline void KeccakRounds(Value (&a)[25]) {
  Value e[25];
  for (std::size_t round = 0; round < 24; round += 2) {
    KeccakRound<Word>(a, e, kKeccakRoundConstants[round]);
    KeccakRound<Word>(e, a, kKeccakRoundConstants[round + 1]);
  }
}

}  // namespace weir
