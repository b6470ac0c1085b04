#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "odf/events.h"

namespace weir::slices {

/// A slice of the golden dataset, as its block describes it.
struct GoldenSlice {
  odf::DataSlice slice;
  Timestamp system_time;
  std::string path;  ///< below the golden data
};

inline std::vector<GoldenSlice> GoldenSlices() {
  const auto make = [](const char* logical, const char* physical, odf::OffsetInterval offsets,
                       std::uint64_t size, const char* time) {
    return GoldenSlice{.slice = {.logical_hash = Multihash::Parse(logical).value(),
                                 .physical_hash = Multihash::Parse(physical).value(),
                                 .offset_interval = offsets,
                                 .size = size},
                       .system_time = ParseTimestamp(time).value(),
                       .path = std::string("kamu-dataset/population/data/") + physical};
  };
  return {make("f9680c00120eb13aa4754f110ee196f68ff97866048ef90fa02fdf876ab27a2ce49e24bdc5f",
               "f16209a69f2b4c0a4ea9f3d65ba32997008f83497b643c8669882d5a8c397641eb431", {0, 2},
               1970, "2050-01-02T12:00:00Z"),
          make("f9680c001207da7e18db817ba16e628f2eddd0fcc74da7093a892d1b85b24f6a57c5a4f4cc0",
               "f1620c7ab85d7d7e166f76bbd9e2c44232c26977e235b58bd8a95e5e4836937600144", {3, 8},
               2033, "2050-01-03T12:00:00Z")};
}

}  // namespace weir::slices
