#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace weir::secrets {

/// Bytes nobody but their user may see: a password, a token, a key.
///
/// Its memory is zeroed when it goes, it prints as "****" whoever prints it, and comparing takes
/// the same time for any two values of one length. Moves, and is copied only by name, so that each
/// place a secret stays in is a line of code.
class SecretValue {
 public:
  SecretValue() = default;
  explicit SecretValue(std::string_view clear);
  /// Takes over what `clear` holds and zeroes it there.
  static SecretValue Take(std::string& clear);
  /// `size` zero bytes, to be filled through Bytes().
  static SecretValue Zeroes(std::size_t size);

  ~SecretValue() { Wipe(); }
  SecretValue(SecretValue&& other) noexcept;
  SecretValue& operator=(SecretValue&& other) noexcept;
  SecretValue(const SecretValue&) = delete;
  SecretValue& operator=(const SecretValue&) = delete;

  SecretValue Copy() const { return SecretValue(Reveal()); }

  /// The clear bytes, for as long as this lives. The one way to them, so that a search for it finds
  /// every use.
  std::string_view Reveal() const { return {bytes_.get(), size_}; }
  char* Bytes() { return bytes_.get(); }
  std::size_t size() const { return size_; }

  bool operator==(const SecretValue& other) const;

 private:
  void Wipe();

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
};

/// What stands for a secret wherever people look.
inline constexpr std::string_view kHidden = "****";

inline std::ostream& operator<<(std::ostream& out, const SecretValue& /*value*/) {
  return out << kHidden;
}

}  // namespace weir::secrets

template <>
struct fmt::formatter<weir::secrets::SecretValue> : fmt::formatter<std::string_view> {
  template <typename FormatContext>
  auto format(const weir::secrets::SecretValue& /*value*/, FormatContext& context) const {
    return fmt::formatter<std::string_view>::format(weir::secrets::kHidden, context);
  }
};
