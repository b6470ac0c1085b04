#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "base/rng.h"
#include "secrets/secret_value.h"

namespace weir::secrets {

/// Names a key without telling anything of it: the first bytes of a keyed hash. A key whose name
/// does not fit it was damaged.
struct KeyId {
  static constexpr std::size_t kSize = 8;
  std::array<std::uint8_t, kSize> bytes{};

  static KeyId Of(const SecretValue& key);
  std::string ToHex() const;
  auto operator<=>(const KeyId&) const = default;
};

struct SealingKey {
  static constexpr std::size_t kSize = 32;
  KeyId id;
  SecretValue bytes;
};

/// The keys of a home, oldest first. The newest seals, all of them open. A value; copies share the
/// keys' memory.
class KeyRing {
 public:
  /// A ring of one new key.
  static KeyRing Generate(Rng& rng);

  /// Reads what Serialize wrote (docs/formats/sealed-value.md). kCorrupt for anything else; the
  /// message tells the line and nothing that stands in it.
  static Result<KeyRing> Parse(std::string_view text);
  SecretValue Serialize() const;

  /// This ring and one more key, which seals from now on.
  KeyRing WithNewKey(Rng& rng) const;

  const SealingKey& newest() const { return *keys_.back(); }
  /// nullptr when this ring has no such key.
  const SealingKey* Find(const KeyId& id) const;
  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<std::shared_ptr<const SealingKey>> keys_;
};

}  // namespace weir::secrets
