#include "secrets/secret_value.h"

#include <sodium.h>

#include <cstring>
#include <utility>

namespace weir::secrets {

SecretValue::SecretValue(std::string_view clear) : SecretValue(Zeroes(clear.size())) {
  if (!clear.empty()) std::memcpy(bytes_.get(), clear.data(), clear.size());
}

SecretValue SecretValue::Take(std::string& clear) {
  SecretValue value(clear);
  sodium_memzero(clear.data(), clear.size());
  clear.clear();
  return value;
}

SecretValue SecretValue::Zeroes(std::size_t size) {
  SecretValue value;
  value.bytes_ = std::make_unique<char[]>(size);
  value.size_ = size;
  return value;
}

SecretValue::SecretValue(SecretValue&& other) noexcept
    : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

SecretValue& SecretValue::operator=(SecretValue&& other) noexcept {
  if (this == &other) return *this;
  Wipe();
  bytes_ = std::move(other.bytes_);
  size_ = std::exchange(other.size_, 0);
  return *this;
}

bool SecretValue::operator==(const SecretValue& other) const {
  return size_ == other.size_ && sodium_memcmp(bytes_.get(), other.bytes_.get(), size_) == 0;
}

void SecretValue::Wipe() {
  if (bytes_ != nullptr) sodium_memzero(bytes_.get(), size_);
}

}  // namespace weir::secrets
