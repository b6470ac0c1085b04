#include "api/dataset_transfer_handlers.h"

#include <boost/json/serialize.hpp>

#include "api/dataset_path.h"
#include "api/work.h"
#include "datasets/chain_store.h"
#include "datasets/dataset_name.h"
#include "datasets/gc.h"
#include "datasets/origin.h"
#include "datasets/transfer.h"
#include "objects/object_url.h"
#include "objects/open_object_store.h"
#include "pipelines/source_rights.h"
#include "resources/resource_service.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using datasets::DatasetEntry;
using datasets::IfDiverged;

// A request from the network reaches the public network, buckets and what `sources.networks` lists,
// not the files and neighbours of this machine.
Result<std::unique_ptr<objects::ObjectStore>> OpenRepository(const Services& services,
                                                             const std::string& url,
                                                             bool is_on_the_home) {
  objects::ObjectStoreOptions options;
  if (!is_on_the_home) {
    ASSIGN_OR_RETURN(const objects::ObjectLocation location, objects::ParseObjectUrl(url));
    if (std::holds_alternative<objects::FileLocation>(location)) {
      return Denied("{} is a path of the server, which only its owner may name, on the server",
                    url);
    }
    options.may_connect = [networks = services.source_rights.networks](const std::string& ip) {
      return networks.Check(ip);
    };
  }
  return objects::OpenObjectStore(url, options);
}

json::object ToJson(const datasets::Transferred& transferred) {
  return {{"blocks", transferred.blocks},
          {"objects", transferred.objects},
          {"bytes", transferred.bytes},
          {"allObjects", transferred.all_objects},
          {"allBytes", transferred.all_bytes}};
}

datasets::TransferOptions OptionsOf(const Services& services, bool force, const Report& report) {
  return {.if_diverged = force ? IfDiverged::kReplace : IfDiverged::kRefuse,
          .on_progress = [report](const datasets::Transferred& now) { report(ToJson(now)); },
          .clock = services.clock};
}

// The dataset of that name, if there is one.
Result<std::optional<DatasetEntry>> Find(const Services& services, const Call& call) {
  auto entry = DatasetOf(services, call);
  if (entry) return std::optional(*std::move(entry));
  if (entry.error().code == ErrorCode::kNotFound) return std::optional<DatasetEntry>();
  return entry.error();
}

enum class Way { kPull, kPush };

// The address given, or the one that the home remembers for this way.
Result<std::string> UrlOf(const Services& services, const Call& call,
                          const std::optional<DatasetEntry>& entry, Way way) {
  if (auto url = TextIn(call.body, "url")) return *std::move(url);
  if (!entry) return NotFound("there is no dataset {}", *call.Text("name"));
  ASSIGN_OR_RETURN(const auto snapshot, services.store.Read(call.context));
  if (way == Way::kPush) {
    ASSIGN_OR_RETURN(auto target, datasets::FindPushTarget(*snapshot, entry->id));
    if (target) return *std::move(target);
    return Invalid("dataset {} was never pushed: give the address of a repository", entry->name);
  }
  ASSIGN_OR_RETURN(const auto origin, datasets::FindOrigin(*snapshot, entry->id));
  if (origin) return origin->url;
  return Invalid("dataset {} was made here: give the address of a repository", entry->name);
}

// The other side of a transfer, and what the request says of it.
struct Far {
  std::string url;
  std::shared_ptr<objects::ObjectStore> store;
  bool force = false;  // where histories went apart
};

Result<Far> OpenFar(const Services& services, const Call& call,
                    const std::optional<DatasetEntry>& entry, Way way) {
  Far far;
  far.force = FlagIn(call.body, "force");
  ASSIGN_OR_RETURN(far.url, UrlOf(services, call, entry, way));
  ASSIGN_OR_RETURN(far.store, OpenRepository(services, far.url, IsOnTheHome(call)));
  return far;
}

// Before anything is brought for a name that no dataset can have.
Status CheckName(const std::string& name) {
  const resources::NameRule& rule = datasets::DatasetNameRule();
  if (rule.Allows(name)) return Ok();
  return Invalid("{} is no name for a dataset", name).WithHint(rule.ToString());
}

// A resource for a chain that has come.
Status Declare(resources::ResourceService& resources, const Context& context,
               const odf::DatasetId& id, const std::string& workspace, const std::string& name) {
  const json::object manifest{{"name", name},
                              {"version", "v1"},
                              {"type", "dataset"},
                              {"workspace", workspace},
                              {"dataset", {{"did", id.ToString()}}}};
  resources::Problems problems;
  const auto applied = resources.Apply(
      context, {.documents = {{.source = "-", .text = json::serialize(manifest)}}}, problems);
  return applied ? Ok() : Status(applied.error());
}

}  // namespace

Outcome PostRepositoryPull(const Services& services, const Call& call) {
  const auto entry = Find(services, call);
  if (!entry) return entry.error();
  if (Status named = CheckName(*call.Text("name")); !*entry && !named) return named.error();
  const auto far = OpenFar(services, call, *entry, Way::kPull);
  if (!far) return far.error();
  return DoWork(
      call,
      [&services, far = *far, entry = *entry, workspace = *call.Text("workspace"),
       name = *call.Text("name")](const Context& context,
                                  const Report& report) -> Result<json::object> {
        datasets::TransferOptions options = OptionsOf(services, far.force, report);
        options.may_take = [&](const odf::DatasetId& id) {
          return datasets::CheckUnnamed(context, services.store, id, entry);
        };
        const auto expected = entry ? std::optional(entry->id) : std::nullopt;
        ASSIGN_OR_RETURN(
            const datasets::Pulled pulled,
            datasets::Pull(context, services.chains, {*far.store, ""}, expected, options));
        RETURN_IF_ERROR(datasets::NoteOrigin(context, services.store, pulled.id, far.url,
                                             pulled.transferred.blocks > 0));
        if (!entry) {
          Status declared = Declare(services.resources, context, pulled.id, workspace, name);
          if (!declared) {
            RETURN_IF_ERROR(
                datasets::MarkUnwanted(context, services.store, services.clock, pulled.id));
            return std::move(declared).error();
          }
        }
        json::array warnings;
        for (const std::string& warning : pulled.warnings) warnings.emplace_back(warning);
        json::object answer = ToJson(pulled.transferred);
        answer["name"] = name;
        answer["workspace"] = workspace;
        answer["did"] = pulled.id.ToString();
        answer["head"] = pulled.head.ToText();
        answer["isNew"] = !entry.has_value();
        answer["warnings"] = std::move(warnings);
        return answer;
      });
}

Outcome PostRepositoryPush(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const auto far = OpenFar(services, call, *entry, Way::kPush);
  if (!far) return far.error();
  return DoWork(
      call,
      [&services, far = *far, entry = *entry](const Context& context,
                                              const Report& report) -> Result<json::object> {
        ASSIGN_OR_RETURN(const datasets::Transferred pushed,
                         datasets::Push(context, services.chains, entry.id, {*far.store, ""},
                                        {.transfer = OptionsOf(services, far.force, report),
                                         .alias = entry.name}));
        RETURN_IF_ERROR(datasets::NotePushTarget(context, services.store, entry.id, far.url));
        json::object answer = ToJson(pushed);
        answer["name"] = entry.name;
        return answer;
      });
}

Outcome PostTrust(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const json::value* const wanted = call.body.if_contains("trusted");
  const bool trusted = wanted == nullptr || wanted->as_bool();
  bool made_here = false;
  const auto put =
      services.store.Transact(call.context, [&](control::Transaction& transaction) -> Status {
        ASSIGN_OR_RETURN(auto origin, datasets::FindOrigin(transaction, entry->id));
        made_here = !origin.has_value();
        if (made_here) return Ok();
        origin->trusted = trusted;
        return datasets::PutOrigin(transaction, entry->id, *origin);
      });
  if (!put) return put.error();
  if (made_here && !trusted) return Invalid("dataset {} was made here", entry->name);
  return JsonResponse(json::object{{"name", entry->name}, {"trusted", trusted}});
}

Outcome PostGarbageCollection(const Services& services, const Call& call) {
  datasets::GcOptions options{.dry_run = FlagIn(call.body, "dryRun")};
  if (const auto seconds = IntegerIn(call.body, "graceSeconds")) {
    options.grace = std::chrono::seconds(*seconds);
  }
  return DoWork(
      call,
      [&services, options](const Context& context, const Report& report) -> Result<json::object> {
        datasets::GcOptions watched = options;
        const auto counts = [](const datasets::Collected& now) {
          return json::object{{"objects", now.objects},
                              {"bytes", now.bytes},
                              {"repositories", now.repositories},
                              {"young", now.young}};
        };
        watched.on_progress = [&](const datasets::Collected& now) { report(counts(now)); };
        ASSIGN_OR_RETURN(
            const datasets::Collected collected,
            datasets::CollectGarbage(context, services.chains, services.clock, watched));
        json::object answer = counts(collected);
        json::array skipped;
        for (const std::string& why : collected.skipped) skipped.emplace_back(why);
        answer["skipped"] = std::move(skipped);
        answer["dryRun"] = options.dry_run;
        return answer;
      });
}

}  // namespace weir::api
