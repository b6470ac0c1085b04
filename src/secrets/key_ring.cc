#include "secrets/key_ring.h"

#include <sodium.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace weir::secrets {
namespace {

constexpr std::string_view kHeader = "weir-sealing-keys 1";
constexpr std::size_t kIdDigits = 2 * KeyId::kSize;
constexpr std::size_t kKeyDigits = 2 * SealingKey::kSize;
constexpr std::size_t kLineSize = kIdDigits + 1 + kKeyDigits;
constexpr std::size_t kMaxKeys = 1000;

const unsigned char* AsUnsigned(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::shared_ptr<const SealingKey> NewKey(Rng& rng) {
  auto key = std::make_shared<SealingKey>();
  key->bytes = SecretValue::Zeroes(SealingKey::kSize);
  rng.Fill(std::as_writable_bytes(std::span(key->bytes.Bytes(), key->bytes.size())));
  key->id = KeyId::Of(key->bytes);
  return key;
}

// Constant time in the digits, as libsodium's decoder is.
std::optional<SecretValue> FromHex(std::string_view digits) {
  SecretValue bytes = SecretValue::Zeroes(digits.size() / 2);
  std::size_t length = 0;
  const int outcome = sodium_hex2bin(reinterpret_cast<unsigned char*>(bytes.Bytes()), bytes.size(),
                                     digits.data(), digits.size(), nullptr, &length, nullptr);
  if (outcome != 0 || length != bytes.size()) return std::nullopt;
  return bytes;
}

std::shared_ptr<const SealingKey> ParseLine(std::string_view line) {
  if (line.size() != kLineSize || line[kIdDigits] != ' ') return nullptr;
  std::optional<SecretValue> bytes = FromHex(line.substr(kIdDigits + 1));
  if (!bytes) return nullptr;
  auto key = std::make_shared<SealingKey>();
  key->id = KeyId::Of(*bytes);
  if (key->id.ToHex() != line.substr(0, kIdDigits)) return nullptr;
  key->bytes = std::move(*bytes);
  return key;
}

}  // namespace

KeyId KeyId::Of(const SecretValue& key) {
  constexpr std::string_view kPurpose = "weir sealing key id";
  KeyId id;
  std::array<unsigned char, crypto_generichash_BYTES> hash;
  crypto_generichash(hash.data(), hash.size(), AsUnsigned(kPurpose), kPurpose.size(),
                     AsUnsigned(key.Reveal()), key.size());
  std::copy_n(hash.begin(), kSize, id.bytes.begin());
  return id;
}

std::string KeyId::ToHex() const {
  std::string hex(kIdDigits + 1, '\0');  // the encoder ends it with a zero byte
  sodium_bin2hex(hex.data(), hex.size(), bytes.data(), bytes.size());
  hex.pop_back();
  return hex;
}

KeyRing KeyRing::Generate(Rng& rng) { return KeyRing().WithNewKey(rng); }

Result<KeyRing> KeyRing::Parse(std::string_view text) {
  KeyRing ring;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    // Every line ends, the last one too: a file cut short is noticed.
    if (end == std::string_view::npos)
      return Corrupt("line {} of the sealing keys ends early", number);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (number == 1) {
      if (line != kHeader) return Corrupt("the sealing keys do not begin with \"{}\"", kHeader);
      continue;
    }
    if (ring.size() == kMaxKeys) return Corrupt("there are more than {} sealing keys", kMaxKeys);
    auto key = ParseLine(line);
    if (key == nullptr) return Corrupt("line {} of the sealing keys holds no key", number);
    ring.keys_.push_back(std::move(key));
  }
  if (ring.keys_.empty()) return Corrupt("there is no key among the sealing keys");
  return ring;
}

SecretValue KeyRing::Serialize() const {
  std::string text;
  // All at once, so that no smaller buffer with keys in it is left behind.
  text.reserve(kHeader.size() + 1 + keys_.size() * (kLineSize + 2));
  text.append(kHeader).append("\n");
  for (const auto& key : keys_) {
    text.append(key->id.ToHex()).append(" ");
    const std::size_t begin = text.size();
    text.resize(begin + kKeyDigits + 1);
    sodium_bin2hex(text.data() + begin, kKeyDigits + 1, AsUnsigned(key->bytes.Reveal()),
                   key->bytes.size());
    text.back() = '\n';
  }
  return SecretValue::Take(text);
}

KeyRing KeyRing::WithNewKey(Rng& rng) const {
  KeyRing ring = *this;
  ring.keys_.push_back(NewKey(rng));
  return ring;
}

const SealingKey* KeyRing::Find(const KeyId& id) const {
  const auto found =
      std::find_if(keys_.rbegin(), keys_.rend(), [&](const auto& key) { return key->id == id; });
  return found == keys_.rend() ? nullptr : found->get();
}

}  // namespace weir::secrets
