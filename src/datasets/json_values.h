#pragma once

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/multihash.h"
#include "base/result.h"

// Reading our own records, which may be damaged: these throw, as Boost.JSON's accessors do, and the
// functions that decode a record catch.

namespace weir::datasets {

template <typename T>
T Must(Result<T> result) {
  if (!result) throw std::invalid_argument(result.error().message);
  return std::move(result).value();
}

inline std::int64_t Nanos(Timestamp time) { return time.time_since_epoch().count(); }

inline Timestamp TimeAt(const boost::json::value& value) {
  return Timestamp(std::chrono::nanoseconds(value.as_int64()));
}

inline std::uint64_t NumberAt(const boost::json::value& value) {
  return value.to_number<std::uint64_t>();
}

inline std::string_view TextAt(const boost::json::value& value) { return value.as_string(); }

inline boost::json::array Texts(const std::vector<std::string>& texts) {
  return boost::json::array(texts.begin(), texts.end());
}

inline std::vector<std::string> TextsAt(const boost::json::value& value) {
  std::vector<std::string> texts;
  for (const boost::json::value& each : value.as_array()) texts.emplace_back(TextAt(each));
  return texts;
}

inline Multihash HashAt(const boost::json::value& value) {
  return Must(Multihash::Parse(TextAt(value)));
}

}  // namespace weir::datasets
