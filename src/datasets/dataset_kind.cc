#include "datasets/dataset_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <string>
#include <utility>

#include "datasets/append.h"
#include "datasets/applied.h"
#include "datasets/block_slice.h"
#include "datasets/check_results.h"
#include "datasets/dataset_checks.h"
#include "datasets/dataset_facts.h"
#include "datasets/dataset_name.h"
#include "datasets/dataset_spec.h"
#include "datasets/dataset_variables.h"
#include "datasets/declared_events.h"
#include "datasets/directory.h"
#include "datasets/inherited_tags.h"
#include "datasets/keys.h"
#include "datasets/quarantine.h"
#include "datasets/transform_inputs.h"
#include "datasets/unnamed_chain.h"
#include "odf/json.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;
using odf::MetadataEvent;
using resources::Dependency;
using resources::Kind;
using resources::KindInfo;
using resources::Manifest;
using resources::Problems;
using resources::Resource;
using resources::ResourceStatus;

std::string ListOf(const std::vector<MetadataEvent>& events) {
  std::string list;
  for (const MetadataEvent& event : events) {
    list += (list.empty() ? "" : ", ") + std::string(KindOf(event));
  }
  return list;
}

// The chain of a dataset that is there; an empty state for one that is to be made.
Result<odf::ChainState> ChainOf(control::Snapshot& snapshot,
                                const std::optional<odf::DatasetId>& did) {
  if (!did) return odf::ChainState();
  auto record = ReadChainRecord(snapshot, *did);
  if (record) return std::move(record->chain);
  if (record.error().code != ErrorCode::kNotFound) return record.error();
  return NotFound("there is no chain {} here", did->ToString())
      .WithHint("weir pull brings one; without did a new one is begun");
}

odf::DatasetKind KindOfChain(const odf::ChainState& chain, const DatasetSpec& spec) {
  if (chain.seed) return chain.seed->dataset_kind;
  return spec.kind.value_or(odf::DatasetKind::kRoot);
}

Status CheckIdentity(const DatasetSpec& spec, const odf::ChainState& chain) {
  if (!chain.seed || !spec.kind || *spec.kind == chain.seed->dataset_kind) return Ok();
  return Invalid("the kind of a dataset cannot change").WithHint("declare another dataset");
}

// A chain that nobody has declared yet may be given a name; one that has one keeps it.
Status CheckIsFree(control::Snapshot& snapshot, const odf::DatasetId& did) {
  const auto entry = FindDataset(snapshot, did);
  if (!entry) return entry.error().code == ErrorCode::kNotFound ? Status() : entry.error();
  return AlreadyExists("{} is dataset {} of workspace {}", did.ToString(), entry->name,
                       entry->workspace);
}

Status CheckNameIsFree(control::Snapshot& snapshot, const resources::ResourceId& id) {
  const auto entry = FindDataset(snapshot, id.workspace, id.name);
  if (!entry) return entry.error().code == ErrorCode::kNotFound ? Status() : entry.error();
  return AlreadyExists("the name {} is read as that of dataset {}", id.name, entry->name);
}

class DatasetKind final : public Kind {
 public:
  DatasetKind(KindInfo info, const DatasetKindParts& parts)
      : Kind(std::move(info)), parts_(parts) {}

  void Validate(const Manifest& manifest, Problems& problems) const override;
  std::vector<Dependency> Dependencies(const Manifest& manifest) const override;
  Status Complete(control::Snapshot& snapshot, const Resource* before, Resource& now,
                  std::string& note) const override;
  void Strip(json::object& spec) const override;
  Status Render(control::Snapshot& snapshot, Resource& stored) const override;
  Status OnApply(control::Transaction& transaction, const Resource* before,
                 const Resource& now) const override;
  Status OnDelete(control::Transaction& transaction, const Resource& resource) const override;
  Status OnRename(control::Transaction& transaction, const Resource& before,
                  const Resource& now) const override;
  Result<ResourceStatus> StatusOf(control::Snapshot& snapshot, const Resource& resource,
                                  const ResourceStatus* written) const override;

 private:
  Status BringTo(control::Transaction& transaction, const odf::DatasetId& id,
                 const DatasetSpec& spec, std::string_view workspace, ChainRecord& record) const;
  Status KeepContract(control::Transaction& transaction, const DatasetEntry& entry,
                      const contracts::Contract& checks) const;

  const DatasetKindParts parts_;
};

void DatasetKind::Validate(const Manifest& manifest, Problems& problems) const {
  json::object head = manifest.spec;
  head.erase("metadata");
  ValidateChecks(manifest, problems);
  head.erase("checks");
  const auto spec = DatasetSpecFromJson(head);
  if (!spec) {
    problems.Add(manifest.place(), "dataset: " + spec.error().message, spec.error().hint);
    return;
  }
  const json::value* metadata = manifest.spec.if_contains("metadata");
  if (metadata == nullptr) return;
  std::size_t number = 0;
  for (const json::value& each : metadata->as_array()) {
    const std::string pointer = fmt::format("/metadata/{}", number++);
    const auto event = odf::MetadataEventFromJson(each);
    // Without a kind it is the chain's, which only an apply can see.
    const bool is_known = spec->kind || !spec->did;
    const odf::DatasetKind kind = spec->kind.value_or(odf::DatasetKind::kRoot);
    Status fits = event ? Status() : event.error();
    if (event && is_known) fits = CheckDeclarable(kind, *event);
    if (fits) continue;
    problems.Add(manifest.PlaceOf(pointer),
                 fmt::format("dataset.metadata[{}]: {}", number - 1, fits.error().message),
                 fits.error().hint);
  }
}

std::vector<Dependency> DatasetKind::Dependencies(const Manifest& manifest) const {
  std::vector<Dependency> needs;
  const auto spec = DatasetSpecFromJson(manifest.spec);
  if (!spec) return needs;
  for (const auto& [name, value] : spec->variables) {
    const auto* secret = std::get_if<SecretReference>(&value);
    if (secret == nullptr) continue;
    needs.push_back(
        {.id = {.type = "secret", .workspace = manifest.id.workspace, .name = secret->secret},
         .path = "/variables/" + name});
  }
  for (auto& [name, path] : DatasetsInChecks(spec->checks)) {
    if (name == manifest.id.name) continue;  // a reference to a row of its own
    needs.push_back(
        {.id = {.type = info().type, .workspace = manifest.id.workspace, .name = std::move(name)},
         .path = std::move(path)});
  }
  const auto inputs = NamedInputs(spec->metadata, manifest.id.workspace);
  if (!inputs) return needs;
  for (const NamedInput& input : *inputs) {
    needs.push_back({.id = {.type = info().type, .workspace = input.workspace, .name = input.name},
                     .path = "/metadata"});
  }
  return needs;
}

Status DatasetKind::Complete(control::Snapshot& snapshot, const Resource* before, Resource& now,
                             std::string& note) const {
  const std::string& workspace = now.id.workspace;
  ASSIGN_OR_RETURN(DatasetSpec spec, DatasetSpecFromJson(now.spec));
  DatasetSpec was;
  if (before != nullptr) {
    ASSIGN_OR_RETURN(was, DatasetSpecFromJson(before->spec));
    if (spec.did && spec.did != was.did) {
      return Invalid("the identity of a dataset cannot change").WithHint("leave did out");
    }
    spec.did = was.did;
  } else {
    RETURN_IF_ERROR(CheckNameIsFree(snapshot, now.id));
    if (spec.did) RETURN_IF_ERROR(CheckIsFree(snapshot, *spec.did));
  }
  ASSIGN_OR_RETURN(odf::ChainState chain, ChainOf(snapshot, spec.did));
  RETURN_IF_ERROR(CheckIdentity(spec, chain));
  RETURN_IF_ERROR(CheckContractFits(spec.checks, KindOfChain(chain, spec), chain));
  // A manifest that only names a chain takes it as it is.
  const bool is_named_only = before == nullptr && spec.did && !now.spec.contains("metadata");
  std::vector<MetadataEvent> events;
  if (!is_named_only) {
    ASSIGN_OR_RETURN(const auto declared,
                     AsBlocksHold(snapshot, spec.metadata, workspace, MissingInput::kKeepName));
    ASSIGN_OR_RETURN(events, EventsToReach(chain, declared));
  }
  const bool is_new = !spec.did;
  if (is_new) note = "begins a chain: Seed" + (events.empty() ? "" : ", " + ListOf(events));
  if (!is_new && !events.empty()) note = "appends " + ListOf(events);
  DatasetSpec whole{.did = spec.did,
                    .kind = KindOfChain(chain, spec),
                    .keeps_microseconds = spec.keeps_microseconds,
                    .variables = std::move(spec.variables),
                    .checks = std::move(spec.checks)};
  if (!whole.keeps_microseconds) {
    whole.keeps_microseconds = before != nullptr ? was.keeps_microseconds.value_or(true) : is_new;
  }
  // A new chain says things in the order of its manifest.
  if (!is_new) {
    for (MetadataEvent& event : events) PutInForce(std::move(event), chain);
    events = DeclaredBy(chain);
  }
  ASSIGN_OR_RETURN(whole.metadata, AsPeopleSay(snapshot, std::move(events), workspace));
  now.spec = ToJson(whole);
  return Ok();
}

void DatasetKind::Strip(json::object& spec) const {
  spec.erase("did");
  spec.erase("kind");
  spec.erase("metadata");
}

Status DatasetKind::Render(control::Snapshot& snapshot, Resource& stored) const {
  ASSIGN_OR_RETURN(const auto applied, FindApplied(snapshot, stored.id, stored.version));
  if (!applied) return Ok();
  ASSIGN_OR_RETURN(DatasetSpec spec, DatasetSpecFromJson(stored.spec));
  spec.did = applied->id;
  odf::ChainState chain;
  if (applied->is_newest) {
    auto record = ReadChainRecord(snapshot, applied->id);
    if (record) chain = std::move(record->chain);
    // A dataset that was deleted long ago has no chain any more.
    if (!record && record.error().code != ErrorCode::kNotFound) return record.error();
  } else {
    ASSIGN_OR_RETURN(chain, InForceAt(snapshot, applied->id, applied->sequence_number));
  }
  if (chain.seed) spec.kind = chain.seed->dataset_kind;
  ASSIGN_OR_RETURN(spec.metadata, AsPeopleSay(snapshot, DeclaredBy(chain), stored.id.workspace));
  stored.spec = ToJson(spec);
  return Ok();
}

// Appends what is between the chain and what is declared; a clock that went back does not stop it.
Status DatasetKind::BringTo(control::Transaction& transaction, const odf::DatasetId& id,
                            const DatasetSpec& spec, std::string_view workspace,
                            ChainRecord& record) const {
  ASSIGN_OR_RETURN(const auto declared,
                   AsBlocksHold(transaction, spec.metadata, workspace, MissingInput::kRefuse));
  AppendRequest request{.id = id, .expected_head = record.chain.head};
  request.system_time = std::max(parts_.clock.Now(), record.chain.system_time);
  if (!record.chain.seed) {
    const odf::DatasetKind kind = KindOfChain(record.chain, spec);
    request.blocks.push_back({.event = {odf::Seed{.dataset_id = id, .dataset_kind = kind}}});
  }
  ASSIGN_OR_RETURN(std::vector<MetadataEvent> events, EventsToReach(record.chain, declared));
  for (MetadataEvent& event : events) request.blocks.push_back({.event = std::move(event)});
  if (request.blocks.empty()) return Ok();
  ASSIGN_OR_RETURN(record, AppendBlocks(transaction, request));
  return Ok();
}

// The contract that commits find, and a place for the rows that fail it.
Status DatasetKind::KeepContract(control::Transaction& transaction, const DatasetEntry& entry,
                                 const contracts::Contract& checks) const {
  RETURN_IF_ERROR(PutContract(transaction, entry.id, checks));
  ASSIGN_OR_RETURN(const auto quarantine, FindQuarantine(transaction, entry.id));
  if (quarantine) return NameQuarantine(transaction, entry);
  if (!contracts::Quarantines(checks)) return Ok();
  ASSIGN_OR_RETURN(const odf::DatasetId id, MakeIdentity(transaction, parts_));
  return BeginQuarantine(transaction, entry, id, parts_.clock.Now());
}

Status DatasetKind::OnApply(control::Transaction& transaction, const Resource* /*before*/,
                            const Resource& now) const {
  ASSIGN_OR_RETURN(const DatasetSpec spec, DatasetSpecFromJson(now.spec));
  odf::DatasetId id;
  ChainRecord record;
  if (spec.did) {
    id = *spec.did;
    ASSIGN_OR_RETURN(record, ReadChainRecord(transaction, id));
  } else {
    ASSIGN_OR_RETURN(id, MakeIdentity(transaction, parts_));
  }
  RETURN_IF_ERROR(CheckIdentity(spec, record.chain));
  RETURN_IF_ERROR(BringTo(transaction, id, spec, now.id.workspace, record));
  const DatasetEntry entry{.id = id,
                           .workspace = now.id.workspace,
                           .name = now.id.name,
                           .keeps_microseconds = spec.keeps_microseconds.value()};
  RETURN_IF_ERROR(PutDataset(transaction, entry));
  RETURN_IF_ERROR(transaction.Delete(GoneKey(id)));
  RETURN_IF_ERROR(KeepContract(transaction, entry, spec.checks));
  RETURN_IF_ERROR(InheritTags(transaction, id));
  return PutApplied(transaction, now.id, now.version,
                    {.id = id, .sequence_number = record.chain.sequence_number});
}

Status DatasetKind::OnDelete(control::Transaction& transaction, const Resource& resource) const {
  ASSIGN_OR_RETURN(const DatasetEntry entry,
                   FindDataset(transaction, resource.id.workspace, resource.id.name));
  const json::object gone{{"workspace", entry.workspace},
                          {"name", entry.name},
                          {"at", parts_.clock.Now().time_since_epoch().count()}};
  RETURN_IF_ERROR(transaction.Put(GoneKey(entry.id), json::serialize(gone)));
  RETURN_IF_ERROR(RemoveQuarantine(transaction, entry, parts_.clock.Now()));
  return RemoveDataset(transaction, entry.id);
}

Status DatasetKind::OnRename(control::Transaction& transaction, const Resource& before,
                             const Resource& now) const {
  ASSIGN_OR_RETURN(DatasetEntry entry,
                   FindDataset(transaction, before.id.workspace, before.id.name));
  entry.name = now.id.name;
  RETURN_IF_ERROR(PutDataset(transaction, entry));
  RETURN_IF_ERROR(NameQuarantine(transaction, entry));
  ASSIGN_OR_RETURN(const ChainRecord record, ReadChainRecord(transaction, entry.id));
  return PutApplied(transaction, now.id, now.version,
                    {.id = entry.id, .sequence_number = record.chain.sequence_number});
}

Result<ResourceStatus> DatasetKind::StatusOf(control::Snapshot& snapshot, const Resource& resource,
                                             const ResourceStatus* written) const {
  ASSIGN_OR_RETURN(ResourceStatus status, Kind::StatusOf(snapshot, resource, written));
  const auto entry = FindDataset(snapshot, resource.id.workspace, resource.id.name);
  if (!entry && entry.error().code != ErrorCode::kNotFound) return entry.error();
  if (entry) RETURN_IF_ERROR(AddDatasetFacts(snapshot, entry->id, parts_.clock.Now(), status));
  return status;
}

}  // namespace

std::unique_ptr<Kind> MakeDatasetKind(const DatasetKindParts& parts) {
  return std::make_unique<DatasetKind>(
      KindInfo{.type = "dataset",
               .description = "A table with a verifiable history: a chain of blocks and its data",
               .versions = {"v1"},
               .scope = resources::Scope::kWorkspace,
               .name_rule = DatasetNameRule(),
               .schema = kDatasetSchema},
      parts);
}

}  // namespace weir::datasets
