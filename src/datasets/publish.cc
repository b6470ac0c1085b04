#include "datasets/publish.h"

#include <optional>
#include <vector>

#include "datasets/keys.h"
#include "odf/codec.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kEntriesAtOnce = 64;  // of up to 256 KiB

// Puts every entry under `prefix` into the repository; returns their keys.
template <typename PutOne>
Result<std::vector<control::Key>> PutAll(control::Snapshot& snapshot, const control::Key& prefix,
                                         PutOne&& put) {
  std::vector<control::Key> done;
  control::ScanOptions page{.limit = kEntriesAtOnce};
  while (true) {
    ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(prefix, page));
    for (const control::Entry& entry : entries) {
      RETURN_IF_ERROR(put(entry));
      done.push_back(entry.key);
    }
    if (entries.size() < kEntriesAtOnce) return done;
    page.after = entries.back().key;
  }
}

}  // namespace

Status Publish(const Context& context, control::Store& store, const Repository& repository,
               const odf::DatasetId& id) {
  std::vector<control::Key> done;
  std::optional<Multihash> head;
  {
    ASSIGN_OR_RETURN(const auto snapshot, store.Read(context));
    const auto put_slice = [&](const control::Entry& entry) {
      const ByteView bytes = AsBytes(entry.value);
      return repository.PutSlice(context, Multihash::Sha3Of(bytes), bytes);
    };
    const auto put_block = [&](const control::Entry& entry) {
      const ByteView bytes = AsBytes(entry.value);
      head = odf::HashOfBlock(bytes);
      return repository.PutBlock(context, *head, bytes);
    };
    ASSIGN_OR_RETURN(done, PutAll(*snapshot, PendingKey(id).With("slice"), put_slice));
    ASSIGN_OR_RETURN(const auto blocks, PutAll(*snapshot, PendingKey(id).With("block"), put_block));
    done.insert(done.end(), blocks.begin(), blocks.end());
  }
  if (!head) return Ok();
  RETURN_IF_ERROR(repository.SetHead(context, *head));
  const auto settled = store.Transact(context, [&](control::Transaction& transaction) -> Status {
    for (const control::Key& key : done) RETURN_IF_ERROR(transaction.Delete(key));
    return Ok();
  });
  if (!settled) return settled.error();
  return Ok();
}

}  // namespace weir::datasets
