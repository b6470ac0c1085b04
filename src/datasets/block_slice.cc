#include "datasets/block_slice.h"

namespace weir::datasets {
namespace {

// Calls `get` with the event when it is a data event, else gives null.
template <typename Get>
auto OfData(const odf::MetadataEvent& event, Get&& get) -> decltype(get(odf::AddData{})) {
  if (const auto* added = std::get_if<odf::AddData>(&event.value)) return get(*added);
  if (const auto* made = std::get_if<odf::ExecuteTransform>(&event.value)) return get(*made);
  return nullptr;
}

}  // namespace

std::string_view KindOf(const odf::MetadataEvent& event) {
  return std::visit([](const auto& each) { return std::string_view(each.kKind); }, event.value);
}

const odf::DataSlice* SliceOf(const odf::MetadataEvent& event) {
  return OfData(event, [](const auto& data) -> const odf::DataSlice* {
    return data.new_data ? &*data.new_data : nullptr;
  });
}

const odf::Checkpoint* CheckpointOf(const odf::MetadataEvent& event) {
  return OfData(event, [](const auto& data) -> const odf::Checkpoint* {
    return data.new_checkpoint ? &*data.new_checkpoint : nullptr;
  });
}

bool IsData(const odf::MetadataEvent& event) {
  return std::holds_alternative<odf::AddData>(event.value) ||
         std::holds_alternative<odf::ExecuteTransform>(event.value);
}

}  // namespace weir::datasets
