#include <chrono>
#include <limits>
#include <type_traits>

#include "odf/codec.h"
#include "odf/flat_layout.h"
#include "odf/flat_view.h"

namespace weir::odf {
namespace {

constexpr int kMaxDepth = 64;
// A crafted buffer may point to the same bytes again and again; what is made of it stays bounded.
constexpr std::size_t kMaxValues = 1'000'000;
constexpr std::size_t kMaxTextBytes = 256U << 20;

class Decoder {
 public:
  template <IsTable T>
  Result<T> ReadTable(const FlatTable& table) {
    RETURN_IF_ERROR(Enter());
    T value;
    int slot = 0;
    Status status;
    ForEachField<T>([&](const auto& field) {
      if (status) status = ReadField(table, slot, field.name, value.*field.member);
    });
    --depth_;
    RETURN_IF_ERROR(status);
    return value;
  }

 private:
  Status Enter() {
    if (++depth_ > kMaxDepth) return Corrupt("the block nests deeper than {} levels", kMaxDepth);
    return Spend(0);
  }

  Status Spend(std::size_t bytes) {
    text_bytes_ += bytes;
    if (++values_ > kMaxValues || text_bytes_ > kMaxTextBytes) {
      return Corrupt("the block unfolds into more than it can hold");
    }
    return Ok();
  }

  template <typename T>
  Status ReadField(const FlatTable& table, int& slot, std::string_view name, T& out) {
    const int first = slot;
    slot += SlotsOf<T>();
    if constexpr (IsOptional<T>) {
      using Inner = typename OptionalOf<T>::Type;
      const int value_slot = first + SlotsOf<Inner>() - 1;
      if (!table.Find(value_slot)) return Ok();
      out.emplace();
      return ReadPresent(table, first, name, *out);
    } else {
      return ReadPresent(table, first, name, out);
    }
  }

  template <typename T>
  Status ReadPresent(const FlatTable& table, int slot, std::string_view name, T& out) {
    if constexpr (IsBox<T>) {
      return ReadPresent(table, slot, name, *out);
    } else if constexpr (IsUnion<T>) {
      const auto tag_at = table.Find(slot);
      const auto value_at = table.Find(slot + 1);
      if (!tag_at || !value_at) return Corrupt("{} is missing", name);
      ASSIGN_OR_RETURN(const auto tag, FlatTable::Load<std::uint8_t>(table.buffer(), *tag_at));
      ASSIGN_OR_RETURN(const std::size_t at, FlatTable::Follow(table.buffer(), *value_at));
      return ReadUnion(table.buffer(), at, tag, name, out);
    } else {
      const auto at = table.Find(slot);
      if constexpr (std::is_arithmetic_v<T> || IsEnum<T>) {
        if (!at) return Ok();  // left out because it has its default
        return ReadScalar(table.buffer(), *at, name, out);
      } else if constexpr (std::is_same_v<T, Timestamp>) {
        if (!at) return Corrupt("{} is missing", name);
        return ReadTimestamp(table.buffer(), *at, name, out);
      } else {
        if (!at) return Corrupt("{} is missing", name);
        ASSIGN_OR_RETURN(const std::size_t target, FlatTable::Follow(table.buffer(), *at));
        return ReadTarget(table.buffer(), target, name, out);
      }
    }
  }

  template <typename T>
  Status ReadScalar(ByteView buffer, std::size_t at, std::string_view name, T& out) {
    if constexpr (IsEnum<T>) {
      ASSIGN_OR_RETURN(const auto raw, FlatTable::Load<std::underlying_type_t<T>>(buffer, at));
      if (raw < 0 || static_cast<std::size_t>(raw) >= NamesOf(T{}).size()) {
        return Corrupt("{} has the unknown value {}", name, static_cast<int>(raw));
      }
      out = static_cast<T>(raw);
    } else if constexpr (std::is_same_v<T, bool>) {
      ASSIGN_OR_RETURN(const auto raw, FlatTable::Load<std::uint8_t>(buffer, at));
      out = raw != 0;
    } else {
      ASSIGN_OR_RETURN(out, FlatTable::Load<T>(buffer, at));
    }
    return Ok();
  }

  Status ReadTimestamp(ByteView buffer, std::size_t at, std::string_view name, Timestamp& out) {
    using namespace std::chrono;  // NOLINT: calendar arithmetic reads badly without it
    ASSIGN_OR_RETURN(const auto flat, FlatTable::Load<FlatTimestamp>(buffer, at));
    const year y(flat.year);
    // What 64-bit nanoseconds can hold: 1677-09-21 to 2262-04-11.
    const bool in_range = flat.year >= 1678 && flat.year <= 2261;
    const int last_day = y.is_leap() ? 366 : 365;
    if (!in_range || flat.ordinal < 1 || flat.ordinal > last_day ||
        flat.seconds_from_midnight >= 86'400 || flat.nanoseconds >= 1'000'000'000) {
      return Corrupt("{} is not a time this version can hold", name);
    }
    out = Timestamp(sys_days(y / January / 1) + days(flat.ordinal - 1) +
                    seconds(flat.seconds_from_midnight) + nanoseconds(flat.nanoseconds));
    return Ok();
  }

  template <typename T>
  Status ReadTarget(ByteView buffer, std::size_t at, std::string_view name, T& out) {
    if constexpr (std::is_same_v<T, std::string>) {
      ASSIGN_OR_RETURN(const ByteView bytes, FlatTable::LoadBytes(buffer, at));
      out = AsText(bytes);
      return Spend(bytes.size());
    } else if constexpr (std::is_same_v<T, Bytes>) {
      ASSIGN_OR_RETURN(const ByteView bytes, FlatTable::LoadBytes(buffer, at));
      out.assign(bytes.begin(), bytes.end());
      return Spend(bytes.size());
    } else if constexpr (std::is_same_v<T, Multihash> || std::is_same_v<T, DatasetId>) {
      ASSIGN_OR_RETURN(const ByteView bytes, FlatTable::LoadBytes(buffer, at));
      auto parsed = T::FromBytes(bytes);
      if (!parsed) return Corrupt("{}: {}", name, parsed.error().message);
      out = std::move(parsed).value();
      return Spend(bytes.size());
    } else if constexpr (std::is_same_v<T, ExtraAttributes>) {
      ASSIGN_OR_RETURN(const FlatTable table, FlatTable::At(buffer, at));
      return ReadPresent(table, 0, name, out.entries);
    } else if constexpr (IsVector<T>) {
      return ReadVector(buffer, at, name, out);
    } else {
      ASSIGN_OR_RETURN(const FlatTable table, FlatTable::At(buffer, at));
      ASSIGN_OR_RETURN(out, ReadTable<T>(table));
      return Ok();
    }
  }

  template <typename Element>
  Status ReadVector(ByteView buffer, std::size_t at, std::string_view name,
                    std::vector<Element>& out) {
    ASSIGN_OR_RETURN(const auto count, FlatTable::Load<std::uint32_t>(buffer, at));
    if (count > (buffer.size() - at) / sizeof(std::uint32_t)) {
      return Corrupt("{} is longer than the block", name);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      RETURN_IF_ERROR(Spend(0));
      ASSIGN_OR_RETURN(const std::size_t target,
                       FlatTable::Follow(buffer, at + sizeof(std::uint32_t) * (i + 1)));
      Element element;
      if constexpr (IsUnion<Element>) {
        ASSIGN_OR_RETURN(const FlatTable wrapper, FlatTable::At(buffer, target));
        RETURN_IF_ERROR(ReadPresent(wrapper, 0, name, element));
      } else {
        RETURN_IF_ERROR(ReadTarget(buffer, target, name, element));
      }
      out.push_back(std::move(element));
    }
    return Ok();
  }

  template <IsUnion T>
  Status ReadUnion(ByteView buffer, std::size_t at, std::uint8_t tag, std::string_view name,
                   T& out) {
    return ReadAlternative<T, 0>(buffer, at, tag, name, out);
  }

  template <IsUnion T, std::size_t Index>
  Status ReadAlternative(ByteView buffer, std::size_t at, std::uint8_t tag, std::string_view name,
                         T& out) {
    if constexpr (Index == std::variant_size_v<typename T::Union>) {
      return Unimplemented("{} is of the unknown type {}", name, static_cast<int>(tag));
    } else {
      if (tag != Index + 1) return ReadAlternative<T, Index + 1>(buffer, at, tag, name, out);
      using Alternative = std::variant_alternative_t<Index, typename T::Union>;
      ASSIGN_OR_RETURN(const FlatTable table, FlatTable::At(buffer, at));
      ASSIGN_OR_RETURN(out.value, ReadTable<Alternative>(table));
      return Ok();
    }
  }

  int depth_ = 0;
  std::size_t values_ = 0;
  std::size_t text_bytes_ = 0;
};

}  // namespace

Multihash HashOfBlock(ByteView bytes) { return Multihash::Sha3Of(bytes); }

Result<DecodedBlock> DecodeBlock(ByteView bytes) {
  ASSIGN_OR_RETURN(const FlatTable manifest, FlatTable::Root(bytes));
  const auto kind_at = manifest.Find(0);
  const auto version_at = manifest.Find(1);
  const auto content_at = manifest.Find(2);
  if (!kind_at || !version_at || !content_at) return Corrupt("this is no metadata block");
  ASSIGN_OR_RETURN(const auto kind, FlatTable::Load<std::int64_t>(bytes, *kind_at));
  if (kind != kManifestKindMetadataBlock) {
    return Corrupt("this is no metadata block: its manifest kind is {:#x}", kind);
  }
  DecodedBlock decoded;
  ASSIGN_OR_RETURN(decoded.version, FlatTable::Load<std::int32_t>(bytes, *version_at));
  if (decoded.version != 2 && decoded.version != kBlockVersion) {
    return Unimplemented("metadata blocks of version {} cannot be read", decoded.version)
        .WithHint("versions 2 and 3 can; rewrite the chain with the tool that made it");
  }
  ASSIGN_OR_RETURN(const std::size_t target, FlatTable::Follow(bytes, *content_at));
  ASSIGN_OR_RETURN(const ByteView content, FlatTable::LoadBytes(bytes, target));
  ASSIGN_OR_RETURN(const FlatTable root, FlatTable::Root(content));
  ASSIGN_OR_RETURN(decoded.block, Decoder().ReadTable<MetadataBlock>(root));
  return decoded;
}

}  // namespace weir::odf
