#include "datasets/gc.h"

#include <algorithm>
#include <boost/json/object.hpp>
#include <map>
#include <set>

#include "base/json_reader.h"
#include "datasets/adopt.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"
#include "datasets/pins.h"
#include "datasets/references.h"

namespace weir::datasets {
namespace {

// A repository in the store that no record of the home tells of.
struct Stray {
  std::vector<objects::ObjectInfo> objects;
  Timestamp newest = {};
};

class Collection {
 public:
  Collection(const Context& context, ChainStore& chains, const Clock& clock,
             const GcOptions& options)
      : context_(context), chains_(chains), clock_(clock), options_(options) {}

  Result<Collected> Run() {
    ASSIGN_OR_RETURN(const auto ids, chains_.List(context_));
    for (const odf::DatasetId& id : ids) {
      const Status done = CollectDataset(id);
      if (!done && !context_.Check()) return done.error();
      if (!done) Skip(id, done.error().message);
    }
    RETURN_IF_ERROR(CollectStrays(std::set<odf::DatasetId>(ids.begin(), ids.end())));
    if (!options_.dry_run) {
      RETURN_IF_ERROR(chains_.RemoveLeftovers(context_, SystemClock().Now() - options_.grace));
    }
    return std::move(collected_);
  }

 private:
  Status CollectDataset(const odf::DatasetId& id) {
    ASSIGN_OR_RETURN(const bool is_gone, WasDeletedLongAgo(id));
    if (is_gone) return CollectDeleted(id);
    const Repository repository = chains_.RepositoryOf(id);
    ASSIGN_OR_RETURN(auto objects, ContentOf(repository));
    if (objects.empty()) return Ok();
    // In this order: whoever put an object that was listed holds a pin until a block leads to it.
    ASSIGN_OR_RETURN(const bool is_pinned, IsPinned(id));
    ASSIGN_OR_RETURN(const auto referenced, ReferencedBy(id, repository));
    // And whoever reads what blocks no longer lead to took one before they did.
    ASSIGN_OR_RETURN(const bool is_read, IsPinned(id));
    if (is_pinned || is_read) {
      Skip(id, "it is being worked on");
      return Ok();
    }
    std::erase_if(objects, [&](const auto& object) { return referenced.contains(object.key); });
    return Remove(repository, objects);
  }

  // The names of all that its blocks lead to.
  Result<std::set<std::string>> ReferencedBy(const odf::DatasetId& id,
                                             const Repository& repository) {
    ASSIGN_OR_RETURN(const Checkpoints checkpoints, CheckpointsIn(context_, repository));
    ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
    ASSIGN_OR_RETURN(const auto references,
                     ReferencedObjects(context_, *snapshot, repository, id, checkpoints));
    std::set<std::string> names;
    for (const Reference& reference : references) {
      names.insert(Repository::NameOf(reference.object.part, reference.object.hash));
    }
    return names;
  }

  // Whether its resource was deleted, and the grace time is over.
  Result<bool> WasDeletedLongAgo(const odf::DatasetId& id) {
    ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
    ASSIGN_OR_RETURN(const auto gone, snapshot->Get(GoneKey(id)));
    if (!gone) return false;
    try {
      const Timestamp at = TimeAt(Must(ParseJson(gone->value)).as_object().at("at"));
      return at + options_.grace <= clock_.Now();
    } catch (const std::exception& failure) {
      return Corrupt("when it was deleted: {}", failure.what());
    }
  }

  Status CollectDeleted(const odf::DatasetId& id) {
    ASSIGN_OR_RETURN(const bool is_pinned, IsPinned(id));
    if (is_pinned) {
      Skip(id, "it is being worked on");
      return Ok();
    }
    if (!options_.dry_run) RETURN_IF_ERROR(ForgetDataset(context_, chains_, id));
    std::vector<objects::ObjectInfo> objects;
    const Repository repository = chains_.RepositoryOf(id);
    RETURN_IF_ERROR(repository.List(context_, [&](const objects::ObjectInfo& object) {
      objects.push_back(object);
      return Ok();
    }));
    return RemoveWhole(repository, objects);
  }

  Status CollectStrays(const std::set<odf::DatasetId>& known) {
    std::map<odf::DatasetId, Stray> strays;
    RETURN_IF_ERROR(chains_.ListObjects(context_, [&](const objects::ObjectInfo& object) {
      const std::size_t slash = object.key.find('/');
      const auto id = odf::DatasetId::Parse("did:odf:" + object.key.substr(0, slash));
      if (slash == std::string::npos || !id || known.contains(*id)) return Ok();
      Stray& stray = strays[*id];
      stray.newest = std::max(stray.newest, object.modified);
      stray.objects.push_back(object);
      stray.objects.back().key.erase(0, slash + 1);
      return Ok();
    }));
    for (const auto& [id, stray] : strays) {
      RETURN_IF_ERROR(CollectStray(id, stray));
    }
    return Ok();
  }

  Status CollectStray(const odf::DatasetId& id, const Stray& stray) {
    // It may be on its way here, and be a dataset by now.
    ASSIGN_OR_RETURN(const bool is_pinned, IsPinned(id));
    const auto record = chains_.Read(context_, id);
    if (is_pinned || record || record.error().code != ErrorCode::kNotFound) return Ok();
    if (!IsOld(stray.newest)) {
      collected_.young += stray.objects.size();
      return Ok();
    }
    return RemoveWhole(chains_.RepositoryOf(id), stray.objects);
  }

  Result<bool> IsPinned(const odf::DatasetId& id) {
    ASSIGN_OR_RETURN(const auto snapshot, chains_.store().Read(context_));
    return datasets::IsPinned(*snapshot, id, clock_.Now());
  }

  Result<std::vector<objects::ObjectInfo>> ContentOf(const Repository& repository) {
    std::vector<objects::ObjectInfo> objects;
    RETURN_IF_ERROR(repository.List(context_, [&](const objects::ObjectInfo& object) {
      const bool is_content = object.key.starts_with("blocks/") ||
                              object.key.starts_with("data/") ||
                              object.key.starts_with("checkpoints/");
      if (is_content) objects.push_back(object);
      return Ok();
    }));
    return objects;
  }

  bool IsOld(Timestamp modified) const { return modified + options_.grace <= SystemClock().Now(); }

  Status Remove(const Repository& repository, const std::vector<objects::ObjectInfo>& objects) {
    for (const objects::ObjectInfo& object : objects) {
      if (!IsOld(object.modified)) {
        collected_.young += 1;
        continue;
      }
      RETURN_IF_ERROR(RemoveOne(repository, object));
    }
    return Ok();
  }

  // refs/head first: what is left of it when this is interrupted is no dataset.
  Status RemoveWhole(const Repository& repository,
                     const std::vector<objects::ObjectInfo>& objects) {
    for (const bool is_ref : {true, false}) {
      for (const objects::ObjectInfo& object : objects) {
        if (object.key.starts_with("refs/") != is_ref) continue;
        RETURN_IF_ERROR(RemoveOne(repository, object));
      }
    }
    collected_.repositories += 1;
    return Ok();
  }

  Status RemoveOne(const Repository& repository, const objects::ObjectInfo& object) {
    RETURN_IF_ERROR(context_.Check());
    if (!options_.dry_run) RETURN_IF_ERROR(repository.Delete(context_, object.key));
    collected_.objects += 1;
    collected_.bytes += object.size;
    if (options_.on_progress) options_.on_progress(collected_);
    return Ok();
  }

  void Skip(const odf::DatasetId& id, std::string_view why) {
    collected_.skipped.push_back(fmt::format("dataset {} is left alone: {}", id.ToString(), why));
  }

  const Context& context_;
  ChainStore& chains_;
  const Clock& clock_;
  const GcOptions& options_;
  Collected collected_;
};

}  // namespace

Result<Collected> CollectGarbage(const Context& context, ChainStore& chains, const Clock& clock,
                                 const GcOptions& options) {
  return Collection(context, chains, clock, options).Run();
}

}  // namespace weir::datasets
