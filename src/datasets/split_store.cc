#include "datasets/split_store.h"

#include <optional>

#include "datasets/chain_record.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

Result<std::optional<odf::DatasetKind>> KindOf(const Context& context, control::Store& store,
                                               const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto snapshot, store.Read(context));
  const auto record = ReadChainRecord(*snapshot, id);
  if (record) return std::optional(record->chain.seed->dataset_kind);
  if (record.error().code != ErrorCode::kNotFound) return record.error();
  ASSIGN_OR_RETURN(const auto noted, snapshot->Get(DerivativeKey(id)));
  return noted ? std::optional(odf::DatasetKind::kDerivative) : std::nullopt;
}

bool IsAbsent(const Error& error) { return error.code == ErrorCode::kNotFound; }

}  // namespace

Status NoteDerivative(const Context& context, control::Store& store, const odf::DatasetId& id) {
  const auto noted = store.Transact(context, [&](control::Transaction& transaction) {
    return transaction.Put(DerivativeKey(id), "");
  });
  return noted ? Ok() : Status(noted.error());
}

Result<objects::ObjectStore*> SplitStore::StoreOf(const Context& context, std::string_view key) {
  const std::string_view name = key.substr(0, key.find('/'));
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = known_.find(name); found != known_.end()) return found->second;
  }
  const auto id = odf::DatasetId::Parse("did:odf:" + std::string(name));
  if (!id) return nullptr;
  ASSIGN_OR_RETURN(const auto kind, KindOf(context, control_, *id));
  if (!kind) return nullptr;
  objects::ObjectStore* store = *kind == odf::DatasetKind::kDerivative ? &derivatives_ : &roots_;
  const std::lock_guard lock(mutex_);
  known_.insert_or_assign(std::string(name), store);
  return store;
}

Result<std::unique_ptr<objects::ObjectWriter>> SplitStore::Create(const Context& context,
                                                                  std::string_view key,
                                                                  IfExists if_exists) {
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, key));
  return (store != nullptr ? store : &roots_)->Create(context, key, if_exists);
}

Result<std::unique_ptr<ByteSource>> SplitStore::Get(const Context& context, std::string_view key,
                                                    objects::ByteRange range) {
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, key));
  if (store != nullptr) return store->Get(context, key, range);
  auto found = roots_.Get(context, key, range);
  if (found || !IsAbsent(found.error())) return found;
  return derivatives_.Get(context, key, range);
}

Result<objects::ObjectInfo> SplitStore::Stat(const Context& context, std::string_view key) {
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, key));
  if (store != nullptr) return store->Stat(context, key);
  auto found = roots_.Stat(context, key);
  if (found || !IsAbsent(found.error())) return found;
  return derivatives_.Stat(context, key);
}

Status SplitStore::List(const Context& context, std::string_view prefix, const Visit& visit) {
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, prefix));
  if (store != nullptr) return store->List(context, prefix, visit);
  RETURN_IF_ERROR(roots_.List(context, prefix, visit));
  return derivatives_.List(context, prefix, visit);
}

Status SplitStore::Delete(const Context& context, std::string_view key) {
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, key));
  if (store != nullptr) return store->Delete(context, key);
  RETURN_IF_ERROR(roots_.Delete(context, key));
  return derivatives_.Delete(context, key);
}

Status SplitStore::RemoveLeftovers(const Context& context, Timestamp before) {
  RETURN_IF_ERROR(roots_.RemoveLeftovers(context, before));
  return derivatives_.RemoveLeftovers(context, before);
}

Status SplitStore::PutFile(const Context& context, std::string_view key, Files& files,
                           const Files::Path& path) {
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, key));
  return (store != nullptr ? store : &roots_)->PutFile(context, key, files, path);
}

std::string SplitStore::ToString() const {
  return roots_.ToString() + " and " + derivatives_.ToString();
}

Result<bool> SplitStore::IsWithTheOthers(const Context& context, const odf::DatasetId& id) {
  const std::string head = id.ToMultibase() + "/refs/head";
  ASSIGN_OR_RETURN(objects::ObjectStore* const store, StoreOf(context, head));
  if (store == nullptr) return false;
  return (store == &roots_ ? derivatives_ : roots_).Exists(context, head);
}

}  // namespace weir::datasets
