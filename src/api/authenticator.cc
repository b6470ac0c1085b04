#include "api/authenticator.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/check.h"
#include "base/sha256.h"

namespace weir::api {
namespace {

constexpr std::size_t kMaxCredential = 4096;

// What follows `scheme` in an Authorization header; schemes have no case.
std::optional<std::string_view> After(std::string_view header, std::string_view scheme) {
  if (header.size() <= scheme.size() || header[scheme.size()] != ' ') return std::nullopt;
  const bool same = std::equal(scheme.begin(), scheme.end(), header.begin(), [](char a, char b) {
    return a == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
  });
  if (!same) return std::nullopt;
  header.remove_prefix(scheme.size());
  header.remove_prefix(std::min(header.find_first_not_of(' '), header.size()));
  return header;
}

// The password in the base64 of `user:password`.
std::optional<std::string> PasswordOf(std::string_view encoded) {
  if (encoded.empty() || encoded.size() % 4 != 0) return std::nullopt;
  std::string decoded(encoded.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(decoded.data()),
                                     reinterpret_cast<const unsigned char*>(encoded.data()),
                                     static_cast<int>(encoded.size()));
  if (length < 0) return std::nullopt;
  // EVP_DecodeBlock counts the padding as zero bytes.
  const std::size_t padding = encoded.ends_with("==") ? 2 : encoded.ends_with('=') ? 1 : 0;
  decoded.resize(static_cast<std::size_t>(length) - padding);
  const std::size_t colon = decoded.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return decoded.substr(colon + 1);
}

bool IsSafe(Method method) { return method == Method::kGet || method == Method::kHead; }

std::optional<std::string> TokenOf(const Request& request) {
  const auto header = request.headers.Get("Authorization");
  if (!header || header->size() > kMaxCredential) return std::nullopt;
  if (const auto bearer = After(*header, "bearer")) return std::string(*bearer);
  if (!IsSafe(request.method)) return std::nullopt;
  if (const auto basic = After(*header, "basic")) return PasswordOf(*basic);
  return std::nullopt;
}

}  // namespace

TokenAuthenticator::TokenAuthenticator(std::string_view token)
    : token_hash_(Sha256::Of(AsBytes(token))) {
  WEIR_CHECK(!token.empty());
}

Result<Principal> TokenAuthenticator::Authenticate(const Request& request) const {
  if (request.door != Door::kNetwork) return Principal{"owner"};
  const auto token = TokenOf(request);
  if (!token) {
    return Unauthenticated("this needs a credential")
        .WithHint("send `Authorization: Bearer TOKEN`; the token is in run/token of the home");
  }
  // Hashing both sides first makes the comparison independent of their lengths too.
  const Digest given = Sha256::Of(AsBytes(*token));
  if (CRYPTO_memcmp(given.data(), token_hash_.data(), token_hash_.size()) != 0) {
    return Unauthenticated("the credential is not one of this server's")
        .WithHint("the token is in run/token of the home");
  }
  return Principal{"owner"};
}

}  // namespace weir::api
