#include <set>

#include "datasets/backup/dataset_copies.h"
#include "datasets/found_chain.h"
#include "datasets/verify.h"

namespace weir::datasets {
namespace {

// Verifies one head after the other, and leaves out those that a chain before them goes through.
class CopyVerification {
 public:
  CopyVerification(const Context& context, const Repository& copy, objects::ObjectStore* scratch)
      : context_(context), copy_(copy), scratch_(scratch) {}

  Status Check(const backup::BackedUpDataset& dataset, bool is_last) {
    ASSIGN_OR_RETURN(const Multihash head, Multihash::Parse(dataset.head));
    if (known_.contains(head)) return Ok();
    ASSIGN_OR_RETURN(const Verified verified,
                     VerifyRepository(context_, copy_, {.scratch = scratch_, .head = head}));
    counts_.objects += verified.blocks + verified.slices + verified.checkpoints;
    counts_.bytes += verified.bytes;
    return is_last ? Ok() : Remember(head);
  }

  const backup::ObjectCounts& counts() const { return counts_; }

 private:
  Status Remember(const Multihash& head) {
    const auto is_known = [&](const Multihash& hash) -> Result<bool> {
      return known_.contains(hash);
    };
    ASSIGN_OR_RETURN(const FoundChain found, WalkBack(context_, copy_, head, is_known));
    for (const FoundLink& link : found.links) known_.insert(link.hash);
    return Ok();
  }

  const Context& context_;
  const Repository& copy_;
  objects::ObjectStore* const scratch_;
  std::set<Multihash> known_;
  backup::ObjectCounts counts_;
};

}  // namespace

Result<backup::ObjectCounts> VerifyCopies(const Context& context, objects::ObjectStore& source,
                                          std::span<const backup::BackedUpDataset> heads,
                                          objects::ObjectStore* scratch) {
  const std::string id_text = "did:odf:" + heads.front().id;
  ASSIGN_OR_RETURN(const odf::DatasetId id, odf::DatasetId::Parse(id_text));
  const Repository copy = CopyOf(source, id);
  CopyVerification verification(context, copy, scratch);
  for (const backup::BackedUpDataset& dataset : heads) {
    Status checked = verification.Check(dataset, &dataset == &heads.back());
    if (checked) continue;
    Error error = std::move(checked).error();
    error.message = fmt::format("dataset {}: {}", dataset.name.empty() ? dataset.id : dataset.name,
                                error.message);
    if (error.code == ErrorCode::kCorrupt && error.hint.empty()) {
      error.hint = "delete that object below " + copy.ToString() +
                   " and create a backup: what the home still holds of it is stored again";
    }
    return error;
  }
  return verification.counts();
}

}  // namespace weir::datasets
