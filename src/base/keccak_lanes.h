#pragma once

#include <cstddef>
#include <cstdint>

namespace weir {

/// What base/keccak.cc chooses from. Each is compiled for CPUs that this one may not be, so their
/// files include no header with ordinary inline code: the linker could take a copy of it that was
/// compiled so for the whole program.

/// One state of 25 words, and one run of blocks.
void AbsorbBlocksBmi(std::uint64_t* words, const std::byte* blocks, std::size_t count);

/// Four and eight states: word w of lane l stands at [w * lanes + l], and `blocks` has a pointer
/// for each lane.
void AbsorbBlocksAvx2(std::uint64_t* words, const std::byte* const* blocks, std::size_t count);
void AbsorbBlocksAvx512(std::uint64_t* words, const std::byte* const* blocks, std::size_t count);

}  // namespace weir
