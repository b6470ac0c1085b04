#include <arrow/buffer.h>
#include <arrow/ipc/dictionary.h>
#include <arrow/ipc/message.h>
#include <arrow/ipc/reader.h>
#include <arrow/type.h>

#include <cstring>
#include <string>

#include "base/exception_error.h"
#include "odf/arrow_schema.h"

namespace weir::odf {
namespace {

// Arrow reads a schema only within a message. FlatBuffers refer to each other by distance, so a
// hand-written message table can stand before the schema's bytes and point into them:
//   0 u32 place of the message = 16 | 4 vtable: size 10, table 12, version at 8, type at 10,
//   header at 4 | 16 i32 distance to the vtable = 12 | 20 u32 distance to the schema
//   24 i16 version V5 = 4 | 26 u8 header type Schema = 1
constexpr std::size_t kMessage = 32;  // keeps what follows aligned
constexpr std::size_t kDistanceAt = 20;

template <typename T>
void Put(std::string& bytes, std::size_t at, T value) {
  std::memcpy(bytes.data() + at, &value, sizeof(value));
}

std::string MessageTo(std::uint32_t schema_at) {
  std::string bytes(kMessage, '\0');
  Put<std::uint32_t>(bytes, 0, 16);
  Put<std::uint16_t>(bytes, 4, 10);
  Put<std::uint16_t>(bytes, 6, 12);
  Put<std::uint16_t>(bytes, 8, 8);
  Put<std::uint16_t>(bytes, 10, 10);
  Put<std::uint16_t>(bytes, 12, 4);
  Put<std::int32_t>(bytes, 16, 12);
  Put<std::uint32_t>(bytes, kDistanceAt, schema_at + kMessage - kDistanceAt);
  Put<std::int16_t>(bytes, 24, 4);
  bytes[26] = 1;
  return bytes;
}

constexpr std::size_t kMostBytes = 16 << 20;

}  // namespace

Result<std::shared_ptr<arrow::Schema>> ReadRawArrowSchema(ByteView raw) {
  const auto attempt = "read a raw Arrow schema";
  return NoExceptions(attempt, [&]() -> Result<std::shared_ptr<arrow::Schema>> {
    std::uint32_t root = 0;
    if (raw.size() < sizeof(root) || raw.size() > kMostBytes) {
      return Corrupt("{}: it is {} bytes long", attempt, raw.size());
    }
    std::memcpy(&root, raw.data(), sizeof(root));
    if (root > raw.size()) return Corrupt("{}: its root lies outside of it", attempt);
    std::string text = MessageTo(root);
    text += AsText(raw);
    const auto message =
        arrow::ipc::Message::Open(arrow::Buffer::FromString(std::move(text)), nullptr);
    if (!message.ok()) return Corrupt("{}: {}", attempt, message.status().message());
    arrow::ipc::DictionaryMemo dictionaries;
    auto schema = arrow::ipc::ReadSchema(**message, &dictionaries);
    if (!schema.ok()) return Corrupt("{}: {}", attempt, schema.status().message());
    return std::move(schema).ValueUnsafe();
  });
}

}  // namespace weir::odf
