#include "datasets/keys.h"

#include "base/bytes.h"

namespace weir::datasets {
namespace {

control::Key Space(std::string_view what) { return control::Key("datasets").With(what); }

control::Key Of(std::string_view what, const odf::DatasetId& id) {
  return Space(what).With(id.ToMultibase());
}

std::int64_t Number(std::uint64_t number) { return static_cast<std::int64_t>(number); }

control::Key WithHash(const control::Key& key, const Multihash& hash) {
  return key.With(hash.ToText());
}

}  // namespace

control::Key HeadsKey() { return Space("head"); }
control::Key HeadKey(const odf::DatasetId& id) { return Of("head", id); }
control::Key InForceKey(const odf::DatasetId& id) { return Of("in-force", id); }

control::Key BlocksKey(const odf::DatasetId& id) { return Of("block", id); }
control::Key BlockKey(const odf::DatasetId& id, std::uint64_t sequence_number) {
  return BlocksKey(id).With(Number(sequence_number));
}
control::Key HashesKey(const odf::DatasetId& id) { return Of("hash", id); }
control::Key HashKey(const odf::DatasetId& id, const Multihash& block) {
  return WithHash(HashesKey(id), block);
}

control::Key MetadataBlocksKey(const odf::DatasetId& id) { return Of("metadata", id); }
control::Key MetadataBlockKey(const odf::DatasetId& id, std::uint64_t sequence_number) {
  return MetadataBlocksKey(id).With(Number(sequence_number));
}

control::Key StepBlocksKey(const odf::DatasetId& id) { return Of("step", id); }
control::Key StepBlockKey(const odf::DatasetId& id, std::uint64_t sequence_number) {
  return StepBlocksKey(id).With(Number(sequence_number));
}

control::Key SlicesKey(const odf::DatasetId& id) { return Of("slice", id); }
control::Key SliceKey(const odf::DatasetId& id, std::uint64_t first_offset) {
  return SlicesKey(id).With(Number(first_offset));
}

Result<odf::DatasetId> IdIn(const control::Key& key) {
  const auto parts = key.Parts();
  const auto* text = parts.size() < 2 ? nullptr : std::get_if<std::string>(&parts[1]);
  if (text == nullptr) return Corrupt("key {} names no dataset", key.ToString());
  return odf::DatasetId::Parse("did:odf:" + *text);
}

control::Key PendingKey() { return Space("pending"); }
control::Key PendingKey(const odf::DatasetId& id) { return Of("pending", id); }
control::Key PendingBlockKey(const odf::DatasetId& id, std::uint64_t sequence_number) {
  return PendingKey(id).With("block").With(Number(sequence_number));
}
control::Key PendingSliceKey(const odf::DatasetId& id, const Multihash& physical_hash) {
  return WithHash(PendingKey(id).With("slice"), physical_hash);
}

control::Key EntriesKey() { return Space("entry"); }
control::Key EntryKey(const odf::DatasetId& id) { return Of("entry", id); }
control::Key NamesKey(std::string_view workspace) { return Space("name").With(workspace); }
control::Key NameKey(std::string_view workspace, std::string_view folded) {
  return NamesKey(workspace).With(folded);
}

control::Key AppliedKey(std::string_view workspace, std::string_view name) {
  return Space("applied").With(workspace).With(name);
}
control::Key AppliedKey(std::string_view workspace, std::string_view name, std::int64_t version) {
  return AppliedKey(workspace, name).With(version);
}

control::Key GoneKey(const odf::DatasetId& id) { return Of("gone", id); }
control::Key SigningKeyKey(const odf::DatasetId& id) { return Of("key", id); }

control::Key PullFailureKey(const odf::DatasetId& id) { return Of("pull-failure", id); }

control::Key OriginKey(const odf::DatasetId& id) { return Of("origin", id); }

control::Key PushedKey(const odf::DatasetId& id) { return Of("pushed", id); }

control::Key ReplacedHeadKey(const odf::DatasetId& id) { return Of("replaced", id); }

control::Key DerivativeKey(const odf::DatasetId& id) { return Of("derivative", id); }

control::Key PinsKey(const odf::DatasetId& id) { return Of("pin", id); }
control::Key PinKey(const odf::DatasetId& id, std::string_view name) {
  return PinsKey(id).With(name);
}

control::Key PinsOfAllKey() { return Space("pin-of-all"); }

control::Key VerifiedKey(const odf::DatasetId& id) { return Of("verified", id); }

control::Key ContractKey(const odf::DatasetId& id) { return Of("contract", id); }
control::Key ChecksKey(const odf::DatasetId& id) { return Of("checks", id); }
control::Key CheckKey(const odf::DatasetId& id, std::uint64_t number) {
  return ChecksKey(id).With(Number(number));
}
control::Key RefusalKey(const odf::DatasetId& id) { return Of("refusal", id); }

control::Key QuarantineKey(const odf::DatasetId& id) { return Of("quarantine", id); }

control::Key StoppedKey(const odf::DatasetId& id) { return Of("stopped", id); }

}  // namespace weir::datasets
