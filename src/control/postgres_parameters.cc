#include "control/postgres_parameters.h"

#include <utility>

namespace weir::control {
namespace {

constexpr int kBinary = 1;
// Object ids of PostgreSQL's types, fixed for ever in its catalog.
constexpr std::int32_t kByteaType = 17;
constexpr std::int32_t kBigintType = 20;
constexpr std::int32_t kTextType = 25;

void AppendInt(std::string& bytes, std::uint64_t number, int size) {
  for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
    bytes += static_cast<char>(number >> shift);
  }
}

void AppendInt32(std::string& bytes, std::int64_t number) {
  AppendInt(bytes, static_cast<std::uint64_t>(number), 4);
}

// One dimension, its length and lower bound; then each element behind its length.
std::string ArrayHead(std::int32_t type, std::size_t size) {
  std::string bytes;
  AppendInt32(bytes, 1);
  AppendInt32(bytes, 1);  // may hold nulls
  AppendInt32(bytes, type);
  AppendInt32(bytes, static_cast<std::int64_t>(size));
  AppendInt32(bytes, 1);
  return bytes;
}

void AppendElement(std::string& bytes, std::string_view element) {
  AppendInt32(bytes, static_cast<std::int64_t>(element.size()));
  bytes += element;
}

}  // namespace

PostgresParameters& PostgresParameters::Number(std::int64_t number) {
  std::string bytes;
  AppendInt(bytes, static_cast<std::uint64_t>(number), 8);
  AddOwned(std::move(bytes));
  return *this;
}

PostgresParameters& PostgresParameters::Bytes(std::string_view bytes) {
  Add(bytes);
  return *this;
}

PostgresParameters& PostgresParameters::Numbers(const std::vector<std::int64_t>& numbers) {
  std::string bytes = ArrayHead(kBigintType, numbers.size());
  for (const std::int64_t number : numbers) {
    AppendInt32(bytes, 8);
    AppendInt(bytes, static_cast<std::uint64_t>(number), 8);
  }
  AddOwned(std::move(bytes));
  return *this;
}

PostgresParameters& PostgresParameters::Texts(const std::vector<std::string_view>& texts) {
  std::string bytes = ArrayHead(kTextType, texts.size());
  for (const std::string_view text : texts) AppendElement(bytes, text);
  AddOwned(std::move(bytes));
  return *this;
}

PostgresParameters& PostgresParameters::Blobs(
    const std::vector<std::optional<std::string_view>>& blobs) {
  std::string bytes = ArrayHead(kByteaType, blobs.size());
  for (const auto& blob : blobs) {
    if (blob) {
      AppendElement(bytes, *blob);
    } else {
      AppendInt32(bytes, -1);
    }
  }
  AddOwned(std::move(bytes));
  return *this;
}

void PostgresParameters::Add(std::string_view bytes) {
  values_.push_back(bytes.data() == nullptr ? "" : bytes.data());
  lengths_.push_back(static_cast<int>(bytes.size()));
  formats_.push_back(kBinary);
}

void PostgresParameters::AddOwned(std::string bytes) {
  owned_.push_back(std::move(bytes));
  Add(owned_.back());
}

}  // namespace weir::control
