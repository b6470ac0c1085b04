#include "base/testing/fake_disk.h"

#include <algorithm>
#include <functional>

namespace weir {
namespace {

using Path = Files::Path;

Path Normal(const Path& path) {
  Path normal = (Path("/") / path).lexically_normal();
  return normal.has_filename() ? normal : normal.parent_path();
}

Error NoSuch(const Path& path) { return NotFound("{}: no such file or directory", path.string()); }

void VisitFiles(const FakeNode& directory, const Path& path,
                const std::function<void(const Path&, const FakeNode&)>& visit) {
  for (const auto& [name, node] : directory.entries) {
    if (node->is_directory) {
      VisitFiles(*node, path / name, visit);
    } else {
      visit(path / name, *node);
    }
  }
}

// What of a file is on the disk when the power goes before a Sync.
std::string SurvivingContent(const FakeNode& file, Rng& rng) {
  const std::string& now = file.content;
  const std::string& durable = file.durable_content;
  const bool appended = now.compare(0, durable.size(), durable) == 0;
  if (!appended && rng.Below(2) == 0) return durable;
  const std::size_t sure = appended ? durable.size() : 0;
  std::string content = now.substr(0, sure + rng.Below(now.size() - sure + 1));
  if (content.size() > sure && rng.Below(4) == 0) {
    // The length was written, and the last blocks were not.
    const std::size_t torn = sure + rng.Below(content.size() - sure);
    std::fill(content.begin() + static_cast<std::ptrdiff_t>(torn), content.end(), '\0');
  }
  return content;
}

void Revert(FakeNode& node, Rng* rng) {
  if (node.is_directory) {
    node.entries = node.durable_entries;
    for (const auto& [name, child] : node.entries) Revert(*child, rng);
  } else {
    node.content = rng != nullptr ? SurvivingContent(node, *rng) : node.durable_content;
    node.durable_content = node.content;
  }
}

}  // namespace

bool IsBelow(const Path& path, const Path& directory) {
  const Path below = Normal(path);
  const Path above = Normal(directory);
  return std::mismatch(above.begin(), above.end(), below.begin(), below.end()).first == above.end();
}

FakeDisk::FakeDisk()
    : root_(std::make_shared<FakeNode>(
          FakeNode{.is_directory = true, .mode = 0755, .modified = {}})) {}

Result<FakeDisk::NodePtr> FakeDisk::Find(const Path& path) const {
  NodePtr node = root_;
  for (const Path& part : Normal(path).relative_path()) {
    const auto entry = node->entries.find(part.string());
    if (entry == node->entries.end()) return NoSuch(path);
    node = entry->second;
  }
  return node;
}

Result<FakeDisk::Place> FakeDisk::PlaceOf(const Path& path) const {
  const Path normal = Normal(path);
  ASSIGN_OR_RETURN(NodePtr parent, Find(normal.parent_path()));
  if (!parent->is_directory || !normal.has_filename()) return NoSuch(path);
  return Place{std::move(parent), normal.filename().string()};
}

Result<FakeDisk::NodePtr> FakeDisk::CreateFile(const Path& path, IfExists if_exists, unsigned mode,
                                               Timestamp now) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(path));
  const auto present = place.first->entries.find(place.second);
  if (present == place.first->entries.end()) {
    auto node =
        std::make_shared<FakeNode>(FakeNode{.is_directory = false, .mode = mode, .modified = now});
    Apply({Edge{.place = std::move(place), .node = node}});
    return node;
  }
  if (if_exists == IfExists::kFail) return AlreadyExists("{} is there", path.string());
  NodePtr node = present->second;
  if (node->is_directory) return Unavailable("{} is a directory", path.string());
  node->content.clear();
  node->modified = now;
  return node;
}

Status FakeDisk::MakeDirectories(const Path& path, Timestamp now) {
  NodePtr node = root_;
  for (const Path& part : Normal(path).relative_path()) {
    const std::string name = part.string();
    NodePtr& child = node->entries[name];
    if (child == nullptr) {
      child =
          std::make_shared<FakeNode>(FakeNode{.is_directory = true, .mode = 0755, .modified = now});
      Settle({Place{node, name}});
    }
    if (!child->is_directory) {
      return AlreadyExists("create directory {}: a file is there", path.string());
    }
    node = child;
  }
  return Ok();
}

Status FakeDisk::Rename(const Path& from, const Path& to) {
  ASSIGN_OR_RETURN(const NodePtr node, Find(from));
  ASSIGN_OR_RETURN(Place source, PlaceOf(from));
  ASSIGN_OR_RETURN(Place target, PlaceOf(to));
  if (source == target) return Ok();
  if (const auto present = Find(to)) {
    const FakeNode& replaced = **present;
    if (replaced.is_directory != node->is_directory) {
      return Unavailable("rename to {}: one is a directory and the other is not", to.string());
    }
    if (!replaced.entries.empty()) return AlreadyExists("{} is not empty", to.string());
  }
  Apply({Edge{.place = std::move(source), .node = nullptr},
         Edge{.place = std::move(target), .node = node}});
  return Ok();
}

Status FakeDisk::Remove(const Path& path) {
  ASSIGN_OR_RETURN(Place place, PlaceOf(path));
  ASSIGN_OR_RETURN(const NodePtr node, Find(path));
  if (!node->entries.empty()) return AlreadyExists("{} is not empty", path.string());
  Apply({Edge{.place = std::move(place), .node = nullptr}});
  return Ok();
}

Status FakeDisk::SyncDirectory(const Path& path) {
  ASSIGN_OR_RETURN(const NodePtr directory, Find(path));
  if (!directory->is_directory) return NoSuch(path);
  std::vector<Place> places;
  for (const Change& change : pending_) {
    for (const Edge& edge : change) {
      if (edge.place.first == directory) places.push_back(edge.place);
    }
  }
  Settle(std::move(places));
  return Ok();
}

void FakeDisk::Apply(Change change) {
  for (const Edge& edge : change) {
    const auto& [directory, name] = edge.place;
    if (edge.node == nullptr) {
      directory->entries.erase(name);
    } else {
      directory->entries[name] = edge.node;
    }
  }
  pending_.push_back(std::move(change));
}

// Makes what programs see at `places` durable, and with it the other ends of the renames that led
// there, so that no rename is ever half kept.
void FakeDisk::Settle(std::vector<Place> places) {
  const auto is_settled = [&](const Edge& edge) {
    return std::find(places.begin(), places.end(), edge.place) != places.end();
  };
  for (bool grew = true; grew;) {
    grew = false;
    for (const Change& change : pending_) {
      if (std::none_of(change.begin(), change.end(), is_settled)) continue;
      for (const Edge& edge : change) {
        if (is_settled(edge)) continue;
        places.push_back(edge.place);
        grew = true;
      }
    }
  }
  for (const auto& [directory, name] : places) {
    const auto entry = directory->entries.find(name);
    if (entry == directory->entries.end()) {
      directory->durable_entries.erase(name);
    } else {
      directory->durable_entries[name] = entry->second;
    }
  }
  // A change is settled whole or not at all by now.
  std::erase_if(pending_, [&](const Change& change) { return is_settled(change.front()); });
}

void FakeDisk::CutPower(Rng* rng) {
  const std::size_t kept = rng != nullptr ? rng->Below(pending_.size() + 1) : 0;
  for (std::size_t i = 0; i < kept; ++i) {
    for (const Edge& edge : pending_[i]) {
      const auto& [directory, name] = edge.place;
      if (edge.node == nullptr) {
        directory->durable_entries.erase(name);
      } else {
        directory->durable_entries[name] = edge.node;
      }
    }
  }
  pending_.clear();
  Revert(*root_, rng);
}

std::uint64_t FakeDisk::UsedBytes(const Path& directory) const {
  std::uint64_t used = 0;
  VisitFiles(*root_, "/", [&](const Path& path, const FakeNode& file) {
    if (IsBelow(path, directory)) used += file.content.size();
  });
  return used;
}

std::vector<Path> FakeDisk::FilePaths() const {
  std::vector<Path> paths;
  VisitFiles(*root_, "/", [&](const Path& path, const FakeNode&) { paths.push_back(path); });
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace weir
