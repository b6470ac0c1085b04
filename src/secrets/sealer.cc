#include "secrets/sealer.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace weir::secrets {
namespace {

// version | key id | nonce | ciphertext | tag
constexpr char kVersion = 1;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t kHeaderSize = 1 + KeyId::kSize;
constexpr std::size_t kOverhead = kHeaderSize + kNonceSize + kTagSize;
static_assert(SealingKey::kSize == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

unsigned char* AsUnsigned(char* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
const unsigned char* AsUnsigned(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

void AppendWithLength(std::string& out, std::string_view part) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((part.size() >> shift) & 0xff));
  }
  out.append(part);
}

// Lengths keep ("ab", "c") and ("a", "bc") apart.
std::string AssociatedData(std::string_view header, const Place& place) {
  std::string data(header);
  AppendWithLength(data, place.resource);
  AppendWithLength(data, place.key);
  return data;
}

struct Envelope {
  std::string_view header;
  KeyId key;
  std::string_view nonce;
  std::string_view ciphertext;  // with the tag
};

std::optional<Envelope> Take(std::string_view sealed) {
  if (sealed.size() < kOverhead || sealed[0] != kVersion) return std::nullopt;
  Envelope envelope{.header = sealed.substr(0, kHeaderSize),
                    .key = {},
                    .nonce = sealed.substr(kHeaderSize, kNonceSize),
                    .ciphertext = sealed.substr(kHeaderSize + kNonceSize)};
  std::copy_n(AsUnsigned(sealed.substr(1)), KeyId::kSize, envelope.key.bytes.begin());
  return envelope;
}

Error CannotOpen(const Place& place, std::string hint) {
  return Corrupt("the sealed value {} of {} does not open", place.key, place.resource)
      .WithHint(std::move(hint));
}

}  // namespace

Result<std::unique_ptr<Sealer>> Sealer::Open(KeyFile file, Rng& rng) {
  // Picks the fastest code for this CPU; harmless when repeated.
  if (sodium_init() < 0) return Internal("libsodium does not start");
  ASSIGN_OR_RETURN(KeyRing ring, file.LoadOrCreate(rng));
  return std::unique_ptr<Sealer>(new Sealer(std::move(file), rng, std::move(ring)));
}

Sealer::Sealer(KeyFile file, Rng& rng, KeyRing ring)
    : file_(std::move(file)), rng_(rng), ring_(std::make_shared<const KeyRing>(std::move(ring))) {}

std::shared_ptr<const KeyRing> Sealer::Ring() const {
  const std::lock_guard lock(mutex_);
  return ring_;
}

Result<std::string> Sealer::Seal(const SecretValue& value, const Place& place) const {
  if (value.size() > kMaxValueSize) {
    return Exhausted("the value {} of {} is larger than {} bytes", place.key, place.resource,
                     kMaxValueSize);
  }
  const auto ring = Ring();
  const SealingKey& key = ring->newest();
  std::string sealed(kOverhead + value.size(), kVersion);
  std::copy(key.id.bytes.begin(), key.id.bytes.end(), sealed.begin() + 1);
  // 192 random bits: no count of values sealed under one key makes two alike.
  rng_.Fill(std::as_writable_bytes(std::span(sealed).subspan(kHeaderSize, kNonceSize)));
  const std::string data = AssociatedData(std::string_view(sealed).substr(0, kHeaderSize), place);
  crypto_aead_xchacha20poly1305_ietf_encrypt(
      AsUnsigned(sealed.data() + kHeaderSize + kNonceSize), nullptr, AsUnsigned(value.Reveal()),
      value.size(), AsUnsigned(data), data.size(), nullptr,
      AsUnsigned(std::string_view(sealed).substr(kHeaderSize)), AsUnsigned(key.bytes.Reveal()));
  return sealed;
}

Result<SecretValue> Sealer::Unseal(std::string_view sealed, const Place& place) const {
  const std::optional<Envelope> envelope = Take(sealed);
  if (!envelope) return CannotOpen(place, "it is not in the form of a sealed value");
  const auto ring = Ring();
  const SealingKey* key = ring->Find(envelope->key);
  if (key == nullptr) {
    return CannotOpen(place, fmt::format("it is under the key {}, which this home does not have; "
                                         "put that key back",
                                         envelope->key.ToHex()));
  }
  SecretValue value = SecretValue::Zeroes(envelope->ciphertext.size() - kTagSize);
  const std::string data = AssociatedData(envelope->header, place);
  const int outcome = crypto_aead_xchacha20poly1305_ietf_decrypt(
      AsUnsigned(value.Bytes()), nullptr, nullptr, AsUnsigned(envelope->ciphertext),
      envelope->ciphertext.size(), AsUnsigned(data), data.size(), AsUnsigned(envelope->nonce),
      AsUnsigned(key->bytes.Reveal()));
  if (outcome != 0) return CannotOpen(place, "it was changed, or sealed for another place");
  return value;
}

Status Sealer::Rotate() {
  const std::lock_guard rotating(rotating_);
  auto ring = std::make_shared<const KeyRing>(Ring()->WithNewKey(rng_));
  // Durable before its first use: what is sealed under a lost key is lost.
  RETURN_IF_ERROR(file_.Save(*ring));
  const std::lock_guard lock(mutex_);
  ring_ = std::move(ring);
  return Ok();
}

bool Sealer::IsStale(std::string_view sealed) const {
  const std::optional<Envelope> envelope = Take(sealed);
  return envelope && envelope->key != Ring()->newest().id;
}

}  // namespace weir::secrets
