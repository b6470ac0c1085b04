#include <flatbuffers/flatbuffers.h>

#include <array>
#include <chrono>
#include <type_traits>

#include "odf/codec.h"
#include "odf/flat_layout.h"

namespace weir::odf {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::voffset_t;
using AnyOffset = flatbuffers::Offset<void>;

voffset_t SlotId(int slot) { return static_cast<voffset_t>(4 + 2 * slot); }

// What must be written before its table is opened: where it went, and its tag if it is a union.
struct Child {
  AnyOffset offset = 0;
  std::uint8_t tag = 0;
};

template <typename T>
Child WriteChild(FlatBufferBuilder& builder, const T& value);

template <typename T>
constexpr bool kIsInline = std::is_arithmetic_v<T> || IsEnum<T> || std::is_same_v<T, Timestamp>;

template <typename T>
void AddInline(FlatBufferBuilder& builder, voffset_t id, const T& value, bool optional) {
  if constexpr (std::is_same_v<T, Timestamp>) {
    const FlatTimestamp flat = FlatTimestamp::Of(value);
    builder.AddStruct(id, &flat);
  } else if constexpr (IsEnum<T>) {
    AddInline(builder, id, static_cast<std::underlying_type_t<T>>(value), optional);
  } else if constexpr (std::is_same_v<T, bool>) {
    AddInline(builder, id, static_cast<std::uint8_t>(value), optional);
  } else if (optional) {
    builder.AddElement<T>(id, value);  // always written, also when it is 0
  } else {
    builder.AddElement<T>(id, value, T{});
  }
}

template <typename T>
int AddField(FlatBufferBuilder& builder, int slot, const T& value, const Child& child) {
  if constexpr (IsOptional<T>) {
    using Inner = typename OptionalOf<T>::Type;
    if constexpr (kIsInline<Inner>) {
      if (value) AddInline(builder, SlotId(slot), *value, true);
      return slot + 1;
    } else {
      if (!value) return slot + SlotsOf<Inner>();
      return AddField(builder, slot, *value, child);
    }
  } else if constexpr (kIsInline<T>) {
    AddInline(builder, SlotId(slot), value, false);
    return slot + 1;
  } else {
    if constexpr (SlotsOf<T>() == 2) {
      builder.AddElement<std::uint8_t>(SlotId(slot), child.tag, 0);
      ++slot;
    }
    builder.AddOffset(SlotId(slot), child.offset);
    return slot + 1;
  }
}

// Depth first in schema order: every child, then the table over them.
template <IsTable T>
AnyOffset WriteTable(FlatBufferBuilder& builder, const T& table) {
  std::array<Child, std::tuple_size_v<decltype(T::Fields())> + 1> children;
  std::size_t index = 0;
  ForEachField<T>(
      [&](const auto& field) { children[index++] = WriteChild(builder, table.*field.member); });
  const auto start = builder.StartTable();
  int slot = 0;
  index = 0;
  ForEachField<T>([&](const auto& field) {
    slot = AddField(builder, slot, table.*field.member, children[index++]);
  });
  return builder.EndTable(start);
}

// A union inside a vector stands in a table of its own: its tag and its value.
AnyOffset WriteWrapper(FlatBufferBuilder& builder, const Child& child) {
  const auto start = builder.StartTable();
  builder.AddElement<std::uint8_t>(SlotId(0), child.tag, 0);
  builder.AddOffset(SlotId(1), child.offset);
  return builder.EndTable(start);
}

AnyOffset WriteByteVector(FlatBufferBuilder& builder, ByteView bytes) {
  return builder.CreateVector(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size())
      .Union();
}

template <typename Element>
AnyOffset WriteVector(FlatBufferBuilder& builder, const std::vector<Element>& elements) {
  std::vector<AnyOffset> offsets;
  offsets.reserve(elements.size());
  for (const Element& element : elements) {
    const Child child = WriteChild(builder, element);
    offsets.push_back(IsUnion<Element> ? WriteWrapper(builder, child) : child.offset);
  }
  return builder.CreateVector(offsets).Union();
}

template <typename T>
Child WriteChild(FlatBufferBuilder& builder, const T& value) {
  if constexpr (IsOptional<T>) {
    return value ? WriteChild(builder, *value) : Child{};
  } else if constexpr (kIsInline<T>) {
    return {};
  } else if constexpr (IsBox<T>) {
    return WriteChild(builder, *value);
  } else if constexpr (IsUnion<T>) {
    const auto tag = static_cast<std::uint8_t>(value.value.index() + 1);
    return std::visit(
        [&](const auto& one) {
          return Child{WriteTable(builder, one), tag};
        },
        value.value);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return {builder.CreateString(value).Union()};
  } else if constexpr (std::is_same_v<T, Bytes>) {
    return {WriteByteVector(builder, value)};
  } else if constexpr (std::is_same_v<T, Multihash> || std::is_same_v<T, DatasetId>) {
    return {WriteByteVector(builder, value.ToBytes())};
  } else if constexpr (std::is_same_v<T, ExtraAttributes>) {
    const AnyOffset entries = builder.CreateString(value.entries).Union();
    const auto start = builder.StartTable();
    builder.AddOffset(SlotId(0), entries);
    return {builder.EndTable(start)};
  } else if constexpr (IsVector<T>) {
    return {WriteVector(builder, value)};
  } else {
    return {WriteTable(builder, value)};
  }
}

}  // namespace

Bytes EncodeBlock(const MetadataBlock& block) {
  FlatBufferBuilder inner;
  inner.Finish(WriteTable(inner, block));
  const ByteView content(reinterpret_cast<const std::byte*>(inner.GetBufferPointer()),
                         inner.GetSize());

  FlatBufferBuilder outer;
  const AnyOffset content_offset = WriteByteVector(outer, content);
  const auto start = outer.StartTable();
  outer.AddElement<std::int64_t>(SlotId(0), kManifestKindMetadataBlock, 0);
  outer.AddElement<std::int32_t>(SlotId(1), kBlockVersion, 0);
  outer.AddOffset(SlotId(2), content_offset);
  outer.Finish(AnyOffset(outer.EndTable(start)));
  const auto* bytes = reinterpret_cast<const std::byte*>(outer.GetBufferPointer());
  return {bytes, bytes + outer.GetSize()};
}

}  // namespace weir::odf
