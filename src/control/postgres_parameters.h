#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::control {

/// The parameters of a statement, in PostgreSQL's binary format. Arrays carry many rows in one
/// statement, for unnest().
class PostgresParameters {
 public:
  PostgresParameters& Number(std::int64_t number);
  PostgresParameters& Bytes(std::string_view bytes);  ///< not copied
  PostgresParameters& Numbers(const std::vector<std::int64_t>& numbers);
  PostgresParameters& Texts(const std::vector<std::string_view>& texts);
  PostgresParameters& Blobs(const std::vector<std::optional<std::string_view>>& blobs);

  int count() const { return static_cast<int>(values_.size()); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void Add(std::string_view bytes);
  void AddOwned(std::string bytes);

  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::deque<std::string> owned_;  // a deque, so that what is there stays where it is
};

}  // namespace weir::control
