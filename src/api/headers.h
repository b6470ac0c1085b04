#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::api {

/// HTTP header fields in order, names compared without case.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  Headers() = default;
  Headers(std::initializer_list<Field> fields) : fields_(fields) {}

  std::optional<std::string_view> Get(std::string_view name) const;  ///< the first of that name
  void Set(std::string_view name, std::string value);                ///< replaces all of that name
  void Add(std::string_view name, std::string value);
  void Remove(std::string_view name);
  const std::vector<Field>& fields() const { return fields_; }

 private:
  std::vector<Field> fields_;
};

}  // namespace weir::api
