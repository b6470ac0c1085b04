#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "datasets/chain_store.h"
#include "datasets/found_chain.h"

namespace weir::datasets {

/// Takes blocks that lie in the dataset's repository into the index, a few hundred at a time: any
/// first part of a chain is a chain, so an interruption leaves a record that is only older. Every
/// block is judged by the rules of chains and every slice checked before it is seen. One thread.
class Adoption {
 public:
  /// On top of `record`, which is the present one; an empty one begins the chain.
  Adoption(const Context& context, ChainStore& chains, const odf::DatasetId& id, ChainRecord record)
      : context_(context), chains_(chains), id_(id), record_(std::move(record)) {}

  /// kConflict when somebody else appended meanwhile.
  Status Adopt(std::span<const FoundLink> links);

  const ChainRecord& record() const { return record_; }
  /// What only we are strict about.
  std::vector<std::string> TakeWarnings() { return std::move(warnings_); }

 private:
  Status AdoptSome(std::span<const FoundLink> links);
  Status Write(control::Transaction& transaction, const std::vector<FoundBlock>& blocks,
               ChainRecord& record, std::vector<std::string>& warnings) const;

  const Context& context_;
  ChainStore& chains_;
  const odf::DatasetId id_;
  ChainRecord record_;
  std::vector<std::string> warnings_;
};

}  // namespace weir::datasets
