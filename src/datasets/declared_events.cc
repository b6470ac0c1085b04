#include "datasets/declared_events.h"

#include <set>
#include <string>
#include <utility>

#include "datasets/block_slice.h"
#include "slices/declared_columns.h"

namespace weir::datasets {
namespace {

using odf::MetadataEvent;

bool IsEmpty(const odf::SetInfo& info) {
  return info.description.value_or("").empty() && (!info.keywords || info.keywords->empty());
}

bool IsEmpty(const odf::SetAttachments& attachments) {
  return std::get<odf::AttachmentsEmbedded>(attachments.attachments.value).items.empty();
}

template <typename Event>
const Event* Find(const std::vector<MetadataEvent>& declared) {
  for (const MetadataEvent& event : declared) {
    if (const auto* found = std::get_if<Event>(&event.value)) return found;
  }
  return nullptr;
}

// What makes a second declaration of the same a mistake.
std::string NameOf(const MetadataEvent& event) {
  const auto* source = std::get_if<odf::AddPushSource>(&event.value);
  if (source == nullptr) return std::string(KindOf(event));
  return "AddPushSource " + source->source_name;
}

// Finds the events between a chain and a declaration.
class Difference {
 public:
  Difference(const odf::ChainState& chain, const std::vector<MetadataEvent>& declared)
      : chain_(chain), declared_(declared) {}

  Result<std::vector<MetadataEvent>> Find() {
    RETURN_IF_ERROR(CheckOnce());
    RETURN_IF_ERROR(TakeBack());
    for (const MetadataEvent& event : declared_) {
      const bool changes =
          std::visit([this](const auto& each) { return Changes(each); }, event.value);
      if (changes) events_.push_back(event);
    }
    return std::move(events_);
  }

 private:
  template <typename Event>
  const Event* Declared() const {
    return datasets::Find<Event>(declared_);
  }

  Status CheckOnce() const {
    std::set<std::string> seen;
    for (const MetadataEvent& event : declared_) {
      if (seen.insert(NameOf(event)).second) continue;
      return Invalid("{} is declared twice", NameOf(event));
    }
    return Ok();
  }

  // What is in force and no longer declared.
  Status TakeBack() {
    if (chain_.polling_source && Declared<odf::SetPollingSource>() == nullptr) {
      events_.push_back({odf::DisablePollingSource{}});
    }
    for (const auto& [name, source] : chain_.push_sources) {
      if (!DeclaresSource(name)) events_.push_back({odf::DisablePushSource{.source_name = name}});
    }
    if (chain_.transform && Declared<odf::SetTransform>() == nullptr) {
      return Invalid("a chain cannot take its transform back").WithHint("declare the new one");
    }
    if (chain_.license && Declared<odf::SetLicense>() == nullptr) {
      return Invalid("a chain cannot take a license back").WithHint("declare the new one");
    }
    if (chain_.vocab != odf::SetVocab{} && Declared<odf::SetVocab>() == nullptr) {
      RETURN_IF_ERROR(CheckVocabMayChange());
      events_.push_back({odf::SetVocab{}});
    }
    if (chain_.info && !IsEmpty(*chain_.info) && Declared<odf::SetInfo>() == nullptr) {
      events_.push_back({odf::SetInfo{}});
    }
    const bool has_attachments = chain_.attachments && !IsEmpty(*chain_.attachments);
    if (has_attachments && Declared<odf::SetAttachments>() == nullptr) {
      events_.push_back({odf::SetAttachments{.attachments = {odf::AttachmentsEmbedded{}}}});
    }
    const auto* vocab = Declared<odf::SetVocab>();
    if (vocab != nullptr && *vocab != chain_.vocab) return CheckVocabMayChange();
    return Ok();
  }

  Status CheckVocabMayChange() const {
    if (!chain_.has_data) return Ok();
    return Invalid("the names of system columns cannot change once there is data")
        .WithHint("declare the vocabulary in force");
  }

  bool DeclaresSource(const std::string& name) const {
    for (const MetadataEvent& event : declared_) {
      const auto* source = std::get_if<odf::AddPushSource>(&event.value);
      if (source != nullptr && source->source_name == name) return true;
    }
    return false;
  }

  bool Changes(const odf::SetVocab& event) const { return event != chain_.vocab; }
  bool Changes(const odf::SetDataSchema& event) const { return event.schema != chain_.schema; }
  bool Changes(const odf::SetTransform& event) const { return event != chain_.transform; }
  bool Changes(const odf::SetPollingSource& event) const { return event != chain_.polling_source; }
  bool Changes(const odf::SetLicense& event) const { return event != chain_.license; }
  bool Changes(const odf::SetInfo& event) const {
    return chain_.info ? event != *chain_.info : !IsEmpty(event);
  }
  bool Changes(const odf::SetAttachments& event) const {
    return chain_.attachments ? event != *chain_.attachments : !IsEmpty(event);
  }
  bool Changes(const odf::AddPushSource& event) const {
    const auto found = chain_.push_sources.find(event.source_name);
    return found == chain_.push_sources.end() || found->second != event;
  }
  template <typename Event>
  bool Changes(const Event& /*event*/) const {
    return true;
  }

  const odf::ChainState& chain_;
  const std::vector<MetadataEvent>& declared_;
  std::vector<MetadataEvent> events_;
};

// What a source says of its columns is looked at when it is declared, and not with the first file.
Status CheckColumns(const odf::ReadStep& read) {
  RETURN_IF_ERROR(slices::DeclaredColumns(read));
  return Ok();
}

template <typename... Events>
bool IsOneOf(const MetadataEvent& event) {
  return (std::holds_alternative<Events>(event.value) || ...);
}

}  // namespace

Status CheckDeclarable(odf::DatasetKind kind, const MetadataEvent& event) {
  using namespace odf;  // NOLINT(google-build-using-namespace): thirteen names of events
  if (IsOneOf<Seed, AddData, ExecuteTransform, DisablePushSource, DisablePollingSource>(event)) {
    return Invalid("{} is not declared", KindOf(event))
        .WithHint("leave it out: Weir writes such blocks itself");
  }
  const bool is_root = kind == DatasetKind::kRoot;
  if (is_root && IsOneOf<SetTransform>(event)) {
    return Invalid("a root dataset has no transform").WithHint("kind: Derivative");
  }
  if (!is_root && IsOneOf<SetPollingSource, AddPushSource>(event)) {
    return Invalid("a derivative dataset has no source").WithHint("kind: Root");
  }
  if (const auto* source = std::get_if<SetPollingSource>(&event.value)) {
    return CheckColumns(source->read);
  }
  if (const auto* source = std::get_if<AddPushSource>(&event.value)) {
    return CheckColumns(source->read);
  }
  return Ok();
}

std::vector<MetadataEvent> DeclaredBy(const odf::ChainState& chain) {
  std::vector<MetadataEvent> events;
  if (chain.vocab != odf::SetVocab{}) events.push_back({chain.vocab});
  if (chain.schema) events.push_back({odf::SetDataSchema{.schema = chain.schema}});
  if (chain.polling_source) events.push_back({*chain.polling_source});
  for (const auto& [name, source] : chain.push_sources) events.push_back({source});
  if (chain.transform) events.push_back({*chain.transform});
  if (chain.info && !IsEmpty(*chain.info)) events.push_back({*chain.info});
  if (chain.license) events.push_back({*chain.license});
  if (chain.attachments && !IsEmpty(*chain.attachments)) events.push_back({*chain.attachments});
  return events;
}

Result<std::vector<MetadataEvent>> EventsToReach(const odf::ChainState& chain,
                                                 const std::vector<MetadataEvent>& declared) {
  return Difference(chain, declared).Find();
}

}  // namespace weir::datasets
