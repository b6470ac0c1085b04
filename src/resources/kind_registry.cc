#include "resources/kind_registry.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/check.h"
#include "base/nearest.h"
#include "resources/known_types.h"
#include "resources/manifest_schema.h"

namespace weir::resources {

void KindRegistry::Add(std::unique_ptr<Kind> kind) {
  const std::string& type = kind->info().type;
  WEIR_CHECK_MSG(Find(type) == nullptr, fmt::format("kind {} is registered twice", type));
  WEIR_CHECK_MSG(!kind->info().versions.empty(), fmt::format("kind {} has no version", type));
  auto schema = ManifestSchema(kind->info());
  WEIR_CHECK_MSG(schema.has_value(), fmt::format("kind {}: {}", type, schema.error().message));
  const auto after = std::find_if(entries_.begin(), entries_.end(), [&type](const Entry& entry) {
    return entry.kind->info().type > type;
  });
  entries_.insert(after, Entry{std::move(kind), std::move(schema).value()});
}

const KindRegistry::Entry* KindRegistry::FindEntry(std::string_view type) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(), [type](const Entry& entry) {
    return entry.kind->info().type == type;
  });
  return found == entries_.end() ? nullptr : &*found;
}

const Kind* KindRegistry::Find(std::string_view type) const {
  const Entry* entry = FindEntry(type);
  return entry == nullptr ? nullptr : entry->kind.get();
}

Result<const Kind*> KindRegistry::Get(std::string_view type) const {
  if (const Kind* kind = Find(type)) return kind;
  if (FindKnownType(type) != nullptr) {
    return Unimplemented("kind {} is not here yet", type)
        .WithHint("weir get --types lists those that are");
  }
  std::vector<std::string_view> known;
  for (const Entry& entry : entries_) known.push_back(entry.kind->info().type);
  for (const KnownType& other : KnownTypes()) known.push_back(other.type);
  const auto nearest = Nearest(type, known);
  return Invalid("there is no kind {}", type.substr(0, 64))
      .WithHint(nearest ? fmt::format("did you mean {}?", *nearest)
                        : "weir get --types lists those that are here");
}

const Schema& KindRegistry::SchemaOf(const Kind& kind) const {
  const Entry* entry = FindEntry(kind.info().type);
  WEIR_CHECK(entry != nullptr);
  return entry->schema;
}

const SchemaNode& KindRegistry::SpecSchemaOf(const Kind& kind) const {
  return *SchemaOf(kind).root().Find(kind.info().type);
}

std::vector<const Kind*> KindRegistry::List() const {
  std::vector<const Kind*> kinds;
  for (const Entry& entry : entries_) kinds.push_back(entry.kind.get());
  return kinds;
}

}  // namespace weir::resources
