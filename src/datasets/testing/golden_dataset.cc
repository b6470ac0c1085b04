#include "datasets/testing/golden_dataset.h"

#include <algorithm>
#include <filesystem>

#include "base/files.h"
#include "odf/codec.h"

namespace weir::datasets {

GoldenDataset::GoldenDataset() {
  const std::filesystem::path golden = WEIR_TEST_DATA "/odf/kamu-dataset/population";
  for (const auto& entry : std::filesystem::recursive_directory_iterator(golden)) {
    if (!entry.is_regular_file()) continue;
    objects.emplace_back(std::filesystem::relative(entry.path(), golden).string(),
                         PosixFiles().ReadAll(entry.path()).value());
  }
  std::sort(objects.begin(), objects.end());
  for (const auto& [key, content] : objects) {
    if (!key.starts_with("blocks/")) continue;
    const auto decoded = odf::DecodeBlock(AsBytes(content));
    const auto* seed = std::get_if<odf::Seed>(&decoded->block.event.value);
    if (seed != nullptr) id = seed->dataset_id;
  }
}

void GoldenDataset::PutInto(objects::ObjectStore& store, const std::string& prefix) const {
  for (const auto& [key, content] : objects) {
    const Status put = store.Put(Context::Background(), prefix + key, AsBytes(content));
    put.value();
  }
}

}  // namespace weir::datasets
