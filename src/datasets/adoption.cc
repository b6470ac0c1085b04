#include "datasets/adoption.h"

#include <algorithm>

#include "datasets/keys.h"

namespace weir::datasets {
namespace {

constexpr std::size_t kBlocksAtOnce = 256;

}  // namespace

Status Adoption::Adopt(std::span<const FoundLink> links) {
  while (!links.empty()) {
    const std::size_t count = std::min(links.size(), kBlocksAtOnce);
    RETURN_IF_ERROR(AdoptSome(links.first(count)));
    links = links.subspan(count);
  }
  return Ok();
}

Status Adoption::AdoptSome(std::span<const FoundLink> links) {
  const Repository repository = chains_.RepositoryOf(id_);
  std::vector<FoundBlock> blocks;
  for (const FoundLink& link : links) {
    ASSIGN_OR_RETURN(FoundBlock block, DecodeFound(context_, repository, link));
    blocks.push_back(std::move(block));
  }
  odf::SetVocab vocab = record_.chain.vocab;
  RETURN_IF_ERROR(CheckFoundSlices(context_, repository, vocab, blocks));
  ChainRecord after;
  std::vector<std::string> warnings;
  const auto revision = chains_.store().Transact(context_, [&](control::Transaction& all) {
    after = record_;
    warnings.clear();
    return Write(all, blocks, after, warnings);
  });
  if (!revision) return revision.error();
  record_ = std::move(after);
  warnings_.insert(warnings_.end(), warnings.begin(), warnings.end());
  return Ok();
}

Status Adoption::Write(control::Transaction& transaction, const std::vector<FoundBlock>& blocks,
                       ChainRecord& record, std::vector<std::string>& warnings) const {
  ASSIGN_OR_RETURN(const auto head, transaction.Get(HeadKey(id_)));
  const std::string expected = record.chain.head ? EncodeHead(record) : "";
  if ((head ? head->value : "") != expected) {
    return Conflict("dataset {} was appended to meanwhile", id_.ToString());
  }
  for (const FoundBlock& block : blocks) {
    RETURN_IF_ERROR(AdoptBlock(transaction, id_, record, block, &warnings));
  }
  RETURN_IF_ERROR(PutChainRecord(transaction, id_, record, true));
  return transaction.Emit(kCommitted, Announcement(id_, record.chain));
}

}  // namespace weir::datasets
