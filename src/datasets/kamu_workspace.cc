#include "datasets/kamu_workspace.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "datasets/found_chain.h"
#include "datasets/repository.h"
#include "objects/local_object_store.h"

namespace weir::datasets {
namespace {

constexpr const char* kFolder = ".kamu";
constexpr std::size_t kMostDatasets = 100'000;
constexpr int kNewestVersion = 7;
constexpr std::size_t kMostVersionBytes = 64;

Result<bool> IsDirectory(const Files& files, const Files::Path& path) {
  const auto info = files.Stat(path);
  if (info) return info->is_directory;
  if (info.error().code == ErrorCode::kNotFound) return false;
  return info.error();
}

Result<Files::Path> FindWorkspace(const Files& files, const Files::Path& path) {
  for (const Files::Path& root : {path, path / kFolder}) {
    ASSIGN_OR_RETURN(const bool is_workspace, IsDirectory(files, root / "datasets"));
    if (is_workspace) return root;
  }
  return NotFound("{} is no workspace of Kamu: it holds neither datasets/ nor .kamu/datasets/",
                  path.string());
}

// Workspaces of before there was such a file have the same layout of datasets.
Status CheckVersion(const Context& context, objects::ObjectStore& workspace) {
  const auto text = workspace.GetAll(context, "version", kMostVersionBytes);
  if (!text && text.error().code == ErrorCode::kNotFound) return Ok();
  if (!text) return text.error();
  int version = 0;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), version);
  if (failed != std::errc()) return Corrupt("{}/version holds no number", workspace.ToString());
  if (version <= kNewestVersion) return Ok();
  return Unimplemented("{} is a workspace of version {}; this version of Weir knows up to {}",
                       workspace.ToString(), version, kNewestVersion);
}

// What the chain says of the dataset.
Status ReadChain(const Context& context, const Repository& repository, KamuDataset& dataset) {
  ASSIGN_OR_RETURN(const auto head, repository.Head(context));
  if (!head) return NotFound("it has no refs/head");
  dataset.head = *head;
  ASSIGN_OR_RETURN(dataset.alias, repository.Alias(context));
  dataset.alias.erase(dataset.alias.find_last_not_of(" \r\n") + 1);
  const auto none_is_known = [](const Multihash&) -> Result<bool> { return false; };
  ASSIGN_OR_RETURN(const FoundChain found, WalkBack(context, repository, *head, none_is_known));
  dataset.blocks = found.links.size();
  for (const FoundLink& link : found.links) {
    ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context, repository, link));
    const auto& event = block.block.event.value;
    if (const auto* seed = std::get_if<odf::Seed>(&event)) {
      dataset.id = seed->dataset_id;
      dataset.kind = seed->dataset_kind;
    } else if (const auto* set = std::get_if<odf::SetTransform>(&event)) {
      dataset.inputs.clear();
      for (const odf::TransformInput& input : set->inputs) {
        dataset.inputs.push_back(input.dataset_ref);
      }
      dataset.engine = std::visit([](const auto& sql) { return sql.engine; }, set->transform.value);
    }
  }
  if (dataset.id != odf::DatasetId()) return Ok();
  return Corrupt("its chain begins with no Seed");
}

KamuDataset ReadDataset(const Context& context, objects::ObjectStore& workspace,
                        const Files::Path& root, const std::string& directory) {
  KamuDataset dataset{.path = root / "datasets" / directory, .directory = directory};
  const Repository repository(workspace, "datasets/" + directory + "/");
  dataset.readable = ReadChain(context, repository, dataset);
  // A block that is named and not there is damage; a missing head is none.
  const bool has_head = dataset.head != Multihash();
  if (!dataset.readable && has_head && dataset.readable.error().code == ErrorCode::kNotFound) {
    dataset.readable = Corrupt("{} is missing", dataset.readable.error().message);
  }
  return dataset;
}

// Puts inputs before what is derived from them; whoever forged a circle gets it in some order.
class Ordering {
 public:
  explicit Ordering(std::vector<KamuDataset> datasets) : datasets_(std::move(datasets)) {
    for (std::size_t i = 0; i < datasets_.size(); ++i) {
      if (datasets_[i].readable) by_id_.emplace(datasets_[i].id.ToString(), i);
    }
    placed_.resize(datasets_.size());
  }

  std::vector<KamuDataset> Run() {
    for (std::size_t i = 0; i < datasets_.size(); ++i) Place(i);
    return std::move(ordered_);
  }

 private:
  // Without recursion: a chain of derivatives may be as long as somebody liked.
  void Place(std::size_t first) {
    std::vector<std::size_t> waiting{first};
    while (!waiting.empty()) {
      const std::size_t current = waiting.back();
      const bool was_seen = placed_[current] != Placed::kNot;
      if (!was_seen) {
        placed_[current] = Placed::kWaiting;
        for (const std::string& input : datasets_[current].inputs) {
          const auto found = by_id_.find(input);
          const bool is_next = found != by_id_.end() && placed_[found->second] == Placed::kNot;
          if (is_next) waiting.push_back(found->second);
        }
        continue;
      }
      waiting.pop_back();
      if (placed_[current] == Placed::kDone) continue;
      placed_[current] = Placed::kDone;
      ordered_.push_back(datasets_[current]);
    }
  }

  enum class Placed : char { kNot, kWaiting, kDone };

  const std::vector<KamuDataset> datasets_;
  std::multimap<std::string, std::size_t> by_id_;
  std::vector<Placed> placed_;
  std::vector<KamuDataset> ordered_;
};

}  // namespace

Result<std::vector<KamuDataset>> ReadKamuWorkspace(const Context& context, Files& files,
                                                   const Files::Path& path) {
  ASSIGN_OR_RETURN(const Files::Path root, FindWorkspace(files, path));
  objects::LocalObjectStore workspace(root, files);
  RETURN_IF_ERROR(CheckVersion(context, workspace));
  ASSIGN_OR_RETURN(auto names, files.List(root / "datasets"));
  std::erase_if(names, [](const std::string& name) { return name.starts_with('.'); });
  if (names.size() > kMostDatasets) {
    return Exhausted("{} holds {} datasets, more than {}", root.string(), names.size(),
                     kMostDatasets);
  }
  std::ranges::sort(names);
  std::vector<KamuDataset> datasets;
  for (const std::string& name : names) {
    RETURN_IF_ERROR(context.Check());
    const auto is_directory = IsDirectory(files, root / "datasets" / name);
    if (is_directory && !*is_directory) continue;
    if (is_directory) {
      datasets.push_back(ReadDataset(context, workspace, root, name));
    } else {
      datasets.push_back(
          {.path = root / "datasets" / name, .directory = name, .readable = is_directory.error()});
    }
  }
  return Ordering(std::move(datasets)).Run();
}

}  // namespace weir::datasets
