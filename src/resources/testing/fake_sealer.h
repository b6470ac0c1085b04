#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "resources/value_sealer.h"

namespace weir::resources {

/// Seals by turning the text around behind its place, with a number so that no two sealings look
/// alike. Secret enough for a test that looks for the clear text.
class FakeSealer final : public ValueSealer {
 public:
  Result<std::string> Seal(const ResourceId& id, std::string_view path,
                           std::string_view clear) const override {
    std::string turned(clear);
    std::reverse(turned.begin(), turned.end());
    return std::to_string(count_++) + "|" + id.ToString() + "|" + std::string(path) + "|" + turned;
  }

  Result<std::string> Open(const ResourceId& id, std::string_view path,
                           std::string_view sealed) const override {
    const std::string place = "|" + id.ToString() + "|" + std::string(path) + "|";
    const auto at = sealed.find(place);
    if (at == std::string_view::npos) return Corrupt("sealed for another place");
    std::string clear(sealed.substr(at + place.size()));
    std::reverse(clear.begin(), clear.end());
    return clear;
  }

 private:
  mutable int count_ = 0;
};

}  // namespace weir::resources
