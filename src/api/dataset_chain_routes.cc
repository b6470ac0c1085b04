#include <charconv>

#include "api/component_sets.h"
#include "api/dataset_path.h"
#include "api/routes.h"
#include "api/work.h"
#include "datasets/adopt.h"
#include "datasets/chain_store.h"
#include "datasets/verify.h"
#include "odf/codec.h"
#include "odf/json.h"
#include "pipelines/derive/verify_recursively.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using namespace schema;  // NOLINT: the schemas are part of what this file says

Result<json::object> BlockJson(const Services& services, const Context& context,
                               const odf::DatasetId& id, const datasets::BlockRow& row) {
  ASSIGN_OR_RETURN(const Bytes bytes, services.chains.ReadBlock(context, id, row));
  ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
  return json::object{{"hash", row.hash.ToText()},
                      {"version", decoded.version},
                      {"content", odf::ToJson(decoded.block)}};
}

Outcome GetBlocks(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  datasets::RowPage page{.limit = static_cast<std::size_t>(*call.Integer("limit"))};
  if (const auto before = call.Integer("before")) page.after = *before;
  const auto rows = services.chains.BlocksBack(call.context, entry->id, page);
  if (!rows) return rows.error();
  json::array blocks;
  for (const datasets::BlockRow& row : *rows) {
    auto block = BlockJson(services, call.context, entry->id, row);
    if (!block) return std::move(block).error();
    blocks.push_back(*std::move(block));
  }
  json::object answer{{"blocks", std::move(blocks)}};
  const bool is_last = rows->size() < page.limit || rows->back().sequence_number == 0;
  if (!is_last) answer["next"] = rows->back().sequence_number;
  return JsonResponse(answer);
}

// A block by its hash, its number, or as the head.
Result<datasets::BlockRow> FindBlock(const Services& services, const Context& context,
                                     const odf::DatasetId& id, const std::string& which) {
  if (which == "head") {
    ASSIGN_OR_RETURN(const auto record, services.chains.Read(context, id));
    return services.chains.FindBlock(context, id, record.chain.sequence_number);
  }
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(which.data(), which.data() + which.size(), number);
  if (failed == std::errc() && end == which.data() + which.size()) {
    return services.chains.FindBlock(context, id, number);
  }
  ASSIGN_OR_RETURN(const Multihash hash, Multihash::Parse(which));
  return services.chains.FindBlock(context, id, hash);
}

Outcome GetBlock(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const auto row = FindBlock(services, call.context, entry->id, *call.Text("block"));
  if (!row) return row.error();
  auto block = BlockJson(services, call.context, entry->id, *row);
  if (!block) return std::move(block).error();
  return JsonResponse(*block);
}

Outcome GetSchema(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const auto record = services.chains.Read(call.context, entry->id);
  if (!record) return record.error();
  if (!record->chain.schema) {
    return NotFound("dataset {} has no schema yet", entry->name)
        .WithHint("it gets one with its first data");
  }
  return JsonResponse(odf::ToJson(*record->chain.schema));
}

json::object ToJson(const datasets::Verified& verified) {
  json::array warnings;
  for (const std::string& warning : verified.warnings) warnings.emplace_back(warning);
  return {{"blocks", verified.blocks},
          {"allBlocks", verified.all_blocks},
          {"slices", verified.slices},
          {"checkpoints", verified.checkpoints},
          {"records", verified.records},
          {"bytes", verified.bytes},
          {"unreferenced", verified.unreferenced},
          {"warnings", std::move(warnings)}};
}

json::object ToJson(const pipelines::VerifiedGraph& graph) {
  json::object told = ToJson(graph.all);
  told["datasets"] = graph.datasets;
  told["steps"] = graph.steps;
  return told;
}

// The dataset and all that it comes from.
Outcome VerifyAllOf(const Services& services, const Call& call, const datasets::DatasetEntry& entry,
                    bool resume) {
  return DoWork(call,
                [&chains = services.chains, &deriver = services.deriver, id = entry.id, resume](
                    const Context& context, const Report& report) -> Result<json::object> {
                  const auto on_progress = [&](const pipelines::VerifiedGraph& now) {
                    report(ToJson(now));
                  };
                  ASSIGN_OR_RETURN(const auto verified,
                                   pipelines::VerifyRecursively(context, chains, deriver, id,
                                                                {.resume = resume}, on_progress));
                  return ToJson(verified);
                });
}

Outcome PostVerification(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  const bool data = !FlagIn(call.body, "metadataOnly");
  const bool resume = FlagIn(call.body, "resume");
  if (FlagIn(call.body, "recursive")) return VerifyAllOf(services, call, *entry, resume);
  return DoWork(
      call,
      [&chains = services.chains, entry = *entry, data, resume](
          const Context& context, const Report& report) -> Result<json::object> {
        const auto on_progress = [&](const datasets::Verified& now) { report(ToJson(now)); };
        const auto verified =
            datasets::Verify(context, chains, entry.id,
                             {.data = data, .resume = resume, .on_progress = on_progress});
        if (!verified) {
          const Error& error = verified.error();
          return Error{error.code, fmt::format("dataset {}: {}", entry.name, error.message),
                       error.hint};
        }
        return ToJson(*verified);
      });
}

Outcome PostRebuild(const Services& services, const Call& call) {
  const auto entry = DatasetOf(services, call);
  if (!entry) return entry.error();
  return DoWork(call,
                [&chains = services.chains, id = entry->id](const Context& context,
                                                            const Report&) -> Result<json::object> {
                  ASSIGN_OR_RETURN(const auto record, datasets::RebuildIndex(context, chains, id));
                  return json::object{{"blocks", record.chain.sequence_number + 1},
                                      {"slices", record.slices},
                                      {"records", record.records}};
                });
}

}  // namespace

std::vector<Route> DatasetChainRoutes() {
  return {
      {.method = Method::kGet,
       .path = "/api/datasets/{name}/blocks",
       .action = "dataset:log",
       .tag = "Datasets",
       .summary = "The blocks of a dataset's chain, the newest first.",
       .parameters = DatasetPathParameters(
           {{.name = "before",
             .schema = Integer(),
             .description = "Only blocks below this sequence number: `next` of the page before."},
            {.name = "limit",
             .schema = WithDefault(Integer(1, 1000), 100),
             .description = "How many at most."}}),
       .answers = {{.description = "The page.", .schema = Ref("BlockPage")}},
       .problems = {404},
       .handler = GetBlocks},
      {.method = Method::kGet,
       .path = "/api/datasets/{name}/blocks/{block}",
       .action = "dataset:block",
       .tag = "Datasets",
       .summary = "A block of a dataset's chain.",
       .parameters =
           DatasetPathParameters({{.in = Parameter::In::kPath,
                                   .name = "block",
                                   .schema = Text({.min = 1, .max = 256, .shape = &kVisible}),
                                   .description = "Its hash, its sequence number, or `head`."}}),
       .answers = {{.description = "The block.", .schema = Ref("Block")}},
       .problems = {400, 404},
       .handler = GetBlock},
      {.method = Method::kGet,
       .path = "/api/datasets/{name}/schema",
       .action = "dataset:schema",
       .tag = "Datasets",
       .summary = "The columns of a dataset, as its chain declares them.",
       .parameters = DatasetPathParameters(),
       .answers = {{.description = "The schema of the format.", .schema = AnyObject()}},
       .problems = {404},
       .handler = GetSchema},
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/verify",
       .action = "dataset:verify",
       .tag = "Datasets",
       .summary = "Checks a dataset: every block by every rule, every byte of its data.",
       .description = "The problem names the first block and slice that are not as they were "
                      "written.",
       .parameters = DatasetPathParameters(),
       .body = RequestBody{.schema = Ref("Verification"), .description = "How."},
       .answers = {WorkAnswer("Verified", "All is as it was written.")},
       .problems = {404, 503},
       .handler = PostVerification},
      {.method = Method::kPost,
       .path = "/api/datasets/{name}/rebuild-index",
       .action = "dataset:rebuild-index",
       .tag = "Datasets",
       .summary = "Forgets what the home knows of a chain, and reads it again from its repository.",
       .parameters = DatasetPathParameters(),
       .answers = {WorkAnswer("RebuiltIndex", "The index is new.")},
       .problems = {404, 503},
       .handler = PostRebuild},
  };
}

boost::json::object DatasetChainSchemas() {
  return {
      {"Block", Record({
                    Required("hash", Text(), "Its name."),
                    Required("version", Integer(), "Of the format."),
                    Required("content", AnyObject(), "What it says, in the manifests' spelling."),
                })},
      {"BlockPage",
       Record({
           Required("blocks", ListOf(Ref("Block")), "The newest first."),
           Optional("next", Integer(), "`before` of the next page; none: this is the last."),
       })},
      {"Verification",
       Object({
           Optional("metadataOnly", Flag(), "The chain alone, without slices and checkpoints."),
           Optional("resume", Flag(),
                    "Goes on with the data where a verification was interrupted."),
           Optional("recursive", Flag(),
                    "All that the dataset comes from too, and every step of a derivative is "
                    "computed again."),
       })},
      {"Verified",
       Record({
           Required("blocks", Integer(), "That were checked."),
           Required("allBlocks", Integer(), "That there are."),
           Required("slices", Integer(), "Of these blocks."),
           Required("checkpoints", Integer(), "Of these blocks."),
           Required("records", Integer(), "In the slices."),
           Required("bytes", Integer(), "Of slices and checkpoints that were read."),
           Required("unreferenced", Integer(), "Objects that no block leads to; no harm."),
           Required("warnings", ListOf(Text({.max = 4096})), "Rules only Weir is strict about."),
           Optional("datasets", Integer(), "That were checked, when it was recursive."),
           Optional("steps", Integer(), "Of derivatives, that were computed again."),
       })},
      {"RebuiltIndex", Record({
                           Required("blocks", Integer(), "In the chain."),
                           Required("slices", Integer(), "In the chain."),
                           Required("records", Integer(), "In the slices."),
                       })},
  };
}

}  // namespace weir::api
