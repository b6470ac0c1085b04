#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/context.h"
#include "base/result.h"
#include "control/store.h"
#include "resources/manifest.h"
#include "resources/name_rule.h"
#include "resources/problem.h"
#include "resources/resource.h"

namespace weir::resources {

enum class Scope { kInstance, kWorkspace };

/// What every kind says of itself, fixed at compile time.
struct KindInfo {
  std::string type;                   ///< "secret", also the key of the spec
  std::string description;            ///< one sentence for `weir get --types`
  std::vector<std::string> versions;  ///< accepted in the header, the preferred one first
  Scope scope = Scope::kWorkspace;
  NameRule name_rule = kHyphenatedName;

  /// JSON Schema of the spec (the keywords of resources/schema.h), as text. It gives the errors,
  /// the defaults and `weir explain`. A value under `"writeOnly": true` is a secret: it is sealed
  /// before anything is stored, compared by opening, and "****" wherever it would be shown.
  std::string_view schema = R"({"type": "object", "additionalProperties": false})";
};

/// A resource that must exist before another one can. `path` is a JSON pointer into the spec, for
/// the message.
struct Dependency {
  ResourceId id;
  std::string path = {};
};

/// Something that can be done to a resource beside changing it: `weir resource run`.
struct KindAction {
  std::string name;
  std::string description;
  std::function<Result<boost::json::value>(const Context&, const Resource&,
                                           const boost::json::object& arguments)>
      run;
};

/// What a bundle-like manifest brings with it.
struct Children {
  std::vector<Manifest> manifests = {};
  /// Pairs of positions in `manifests`: the first needs the second.
  std::vector<std::pair<std::size_t, std::size_t>> needs = {};
};

class EnvelopeReader;

/// A type of resource: one file `<noun>_kind.cc` in the noun's own folder, registered in
/// server/wiring.cc. Nothing else changes when one is added.
///
/// Every function but the constructor has a default, so that the least kind is a KindInfo. They may
/// be called from several threads, keep no state of a call, and what runs in a transaction may run
/// again.
class Kind {
 public:
  explicit Kind(KindInfo info) : info_(std::move(info)) {}
  virtual ~Kind() = default;
  Kind(const Kind&) = delete;
  Kind& operator=(const Kind&) = delete;

  const KindInfo& info() const { return info_; }

  /// Rules that the schema cannot say. The manifest has passed the schema and has its defaults;
  /// secret values are in clear and must not be quoted in a problem. Pure.
  virtual void Validate(const Manifest& /*manifest*/, Problems& /*problems*/) const {}

  /// Resources that must be there first. Pure. The workspace need not be named.
  virtual std::vector<Dependency> Dependencies(const Manifest& /*manifest*/) const { return {}; }

  /// Manifests inside this one: they are applied with it, belong to it, and go when it goes or no
  /// longer names them. `reader` reads their envelopes; its attachments hold what `file:` names.
  /// What was read goes back into the spec (ToJson of the child), so that a stored version can be
  /// applied again without the files.
  virtual Children ReadChildren(Manifest& /*manifest*/, const EnvelopeReader& /*reader*/,
                                Problems& /*problems*/) const {
    return {};
  }

  /// Makes a declared spec whole by what is held elsewhere, so that it reads as Render will give
  /// it. `before` is the current version, rendered; null for a new resource. `note` is told to who
  /// applies. Runs while an apply is planned and changes nothing; an error of the declaration
  /// (kInvalid, kConflict, kNotFound, kAlreadyExists, kUnimplemented) becomes a problem of the
  /// manifest.
  virtual Status Complete(control::Snapshot& /*snapshot*/, const Resource* /*before*/,
                          Resource& /*now*/, std::string& /*note*/) const {
    return Ok();
  }

  /// Removes from a whole spec what is held elsewhere: the store keeps the rest.
  virtual void Strip(boost::json::object& /*spec*/) const {}

  /// Fills in what Strip removed, as of the version that `stored` is.
  virtual Status Render(control::Snapshot& /*snapshot*/, Resource& /*stored*/) const {
    return Ok();
  }

  /// After `now` was put, in the same transaction; `before` is null for a new resource. Secret
  /// values are as stored: sealed; the spec is whole. An error undoes the whole apply.
  virtual Status OnApply(control::Transaction& /*transaction*/, const Resource* /*before*/,
                         const Resource& /*now*/) const {
    return Ok();
  }

  /// Before `resource` goes, in the same transaction.
  virtual Status OnDelete(control::Transaction& /*transaction*/,
                          const Resource& /*resource*/) const {
    return Ok();
  }

  /// After `before` became `now`, which has another name, in the same transaction. The default
  /// refuses: the name of most things is what others call them by.
  virtual Status OnRename(control::Transaction& transaction, const Resource& before,
                          const Resource& now) const;

  /// The status of `resource`; `written` is what SetStatus left, null if nothing did. The default
  /// is `written`, or else active.
  virtual Result<ResourceStatus> StatusOf(control::Snapshot& snapshot, const Resource& resource,
                                          const ResourceStatus* written) const;

  virtual std::vector<KindAction> Actions() const { return {}; }

 private:
  const KindInfo info_;
};

}  // namespace weir::resources
