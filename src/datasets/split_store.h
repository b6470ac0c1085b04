#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "control/store.h"
#include "objects/object_store.h"
#include "odf/dataset_id.h"

namespace weir::datasets {

/// Says of a dataset that has no chain here yet, and is about to be brought, that it is a
/// derivative.
Status NoteDerivative(const Context& context, control::Store& store, const odf::DatasetId& id);

/// The repositories of root datasets in one store and those of derivatives in another, so that only
/// roots, which nobody can compute again, need costly storage. A key begins with its dataset's id,
/// whose chain record (or NoteDerivative) says which store it is; what is under an id that nobody
/// knows is looked for in both, and a new object under one is a root's.
///
/// Thread-safe. The control store and both object stores outlive it.
class SplitStore final : public objects::ObjectStore {
 public:
  SplitStore(control::Store& control, objects::ObjectStore& roots,
             objects::ObjectStore& derivatives)
      : control_(control), roots_(roots), derivatives_(derivatives) {}

  Result<std::unique_ptr<objects::ObjectWriter>> Create(const Context& context,
                                                        std::string_view key,
                                                        IfExists if_exists) override;
  Result<std::unique_ptr<ByteSource>> Get(const Context& context, std::string_view key,
                                          objects::ByteRange range = {}) override;
  Result<objects::ObjectInfo> Stat(const Context& context, std::string_view key) override;
  Status List(const Context& context, std::string_view prefix, const Visit& visit) override;
  Status Delete(const Context& context, std::string_view key) override;
  Status RemoveLeftovers(const Context& context, Timestamp before) override;
  Status PutFile(const Context& context, std::string_view key, Files& files,
                 const Files::Path& path) override;
  std::string ToString() const override;

  /// Whether the repository of a dataset that is known lies in the store of the other kind.
  Result<bool> IsWithTheOthers(const Context& context, const odf::DatasetId& id);

 private:
  /// nullptr: nobody knows the dataset, or the key is of none.
  Result<objects::ObjectStore*> StoreOf(const Context& context, std::string_view key);

  control::Store& control_;
  objects::ObjectStore& roots_;
  objects::ObjectStore& derivatives_;
  std::mutex mutex_;
  std::map<std::string, objects::ObjectStore*, std::less<>> known_;  ///< by the id in the key
};

}  // namespace weir::datasets
