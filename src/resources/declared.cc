#include "resources/declared.h"

#include <fmt/format.h>

#include <unordered_map>
#include <utility>

namespace weir::resources {
namespace {

constexpr int kMaxDepth = 2;  // a bundle's resources; no bundle in a bundle

class Expansion {
 public:
  Expansion(const EnvelopeReader& reader, Problems& problems)
      : reader_(reader), problems_(problems) {}

  void Add(Manifest manifest, const ResourceId* managed_by, std::vector<ResourceId> after,
           int depth);

  std::vector<Declared> Take() { return std::move(declared_); }

 private:
  bool IsFirst(const Manifest& manifest);

  const EnvelopeReader& reader_;
  Problems& problems_;
  std::vector<Declared> declared_;
  std::unordered_map<ResourceId, Place, ResourceIdHash> places_;
};

bool Expansion::IsFirst(const Manifest& manifest) {
  const auto [found, added] = places_.emplace(manifest.id, manifest.place());
  if (added) return true;
  const std::string first = found->second.ToString();
  problems_.Add(manifest.place(), fmt::format("{} is declared twice", manifest.id.ToString()),
                first.empty() ? "" : fmt::format("it is also at {}", first));
  return false;
}

void Expansion::Add(Manifest manifest, const ResourceId* managed_by, std::vector<ResourceId> after,
                    int depth) {
  if (!IsFirst(manifest)) return;
  const Kind* kind = reader_.registry().Find(manifest.id.type);
  Children children = kind->ReadChildren(manifest, reader_, problems_);
  if (!children.manifests.empty() && depth >= kMaxDepth) {
    problems_.Add(manifest.place(),
                  fmt::format("{} stands inside another one", manifest.id.ToString()),
                  "declare it by itself");
    return;
  }
  Declared declared{.manifest = std::move(manifest), .kind = kind, .after = std::move(after)};
  if (managed_by != nullptr) declared.managed_by = *managed_by;
  std::vector<std::vector<ResourceId>> child_after(children.manifests.size());
  for (const auto& [child, needed] : children.needs) {
    child_after[child].push_back(children.manifests[needed].id);
  }
  for (std::size_t index = 0; index < children.manifests.size(); ++index) {
    declared.owns.push_back(children.manifests[index].id);
    declared.after.push_back(children.manifests[index].id);
    Add(std::move(children.manifests[index]), &declared.manifest.id, std::move(child_after[index]),
        depth + 1);
  }
  declared.needs = kind->Dependencies(declared.manifest);
  declared_.push_back(std::move(declared));
}

}  // namespace

std::vector<Declared> Declare(const EnvelopeReader& reader, std::vector<Manifest> manifests,
                              Problems& problems) {
  Expansion expansion(reader, problems);
  for (Manifest& manifest : manifests) expansion.Add(std::move(manifest), nullptr, {}, 1);
  return expansion.Take();
}

}  // namespace weir::resources
