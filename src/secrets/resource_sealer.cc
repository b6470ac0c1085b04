#include "secrets/resource_sealer.h"

#include <fmt/format.h>
#include <sodium.h>

#include <optional>

namespace weir::secrets {
namespace {

constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string ToBase64(std::string_view bytes) {
  std::string text(sodium_base64_encoded_len(bytes.size(), kVariant), '\0');
  sodium_bin2base64(text.data(), text.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                    bytes.size(), kVariant);
  text.pop_back();  // the zero byte it ends with
  return text;
}

std::optional<std::string> FromBase64(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const int outcome =
      sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, nullptr, kVariant);
  if (outcome != 0) return std::nullopt;
  bytes.resize(size);
  return bytes;
}

// None of the parts can hold a colon.
std::string IdentityOf(const resources::ResourceId& id) {
  return fmt::format("{}:{}:{}", id.type, id.workspace, id.name);
}

}  // namespace

Result<std::string> ResourceSealer::Seal(const resources::ResourceId& id, std::string_view path,
                                         std::string_view clear) const {
  const std::string identity = IdentityOf(id);
  ASSIGN_OR_RETURN(const std::string sealed,
                   sealer_.Seal(SecretValue(clear), {.resource = identity, .key = path}));
  return ToBase64(sealed);
}

Result<std::string> ResourceSealer::Open(const resources::ResourceId& id, std::string_view path,
                                         std::string_view sealed) const {
  const std::string identity = IdentityOf(id);
  const auto envelope = FromBase64(sealed);
  if (!envelope) return Corrupt("the sealed value {} of {} is no base64", path, id.ToString());
  ASSIGN_OR_RETURN(const SecretValue value,
                   sealer_.Unseal(*envelope, {.resource = identity, .key = path}));
  return std::string(value.Reveal());
}

}  // namespace weir::secrets
