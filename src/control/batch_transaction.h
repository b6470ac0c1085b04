#pragma once

#include <string>

#include "control/overlay.h"
#include "control/store.h"

namespace weir::control {

/// One transaction of a batch: the checks of the contract in store.h, over the batch's Overlay.
class BatchTransaction final : public Transaction {
 public:
  explicit BatchTransaction(Overlay& overlay) : overlay_(overlay), revision_(overlay.revision()) {}

  Result<std::optional<Entry>> Get(const Key& key) override { return overlay_.Get(key); }
  Result<std::vector<Entry>> Scan(const Key& prefix, const ScanOptions& options) override {
    return overlay_.Scan(prefix, options);
  }
  Revision revision() const override { return revision_; }

  Status Put(const Key& key, std::string value, Expect expect) override;
  Status Delete(const Key& key, Expect expect) override;
  Status Emit(const std::string& topic, std::string payload) override;
  Status Fence(const Lease& lease) override;

  /// What the store itself may do in kOwnSpace and to the outbox.
  Overlay& overlay() { return overlay_; }

 private:
  Status Charge(std::size_t bytes);

  Overlay& overlay_;
  const Revision revision_;
  std::size_t bytes_ = 0;
};

}  // namespace weir::control
