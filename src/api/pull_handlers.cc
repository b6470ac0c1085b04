#include "api/pull_handlers.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "api/ingest_answer.h"
#include "api/source_variables.h"
#include "control/store.h"
#include "datasets/origin.h"
#include "pipelines/derive/dataset_graph.h"
#include "pipelines/derive/graph_pull.h"
#include "pipelines/source_rights.h"

namespace weir::api {
namespace {

namespace json = boost::json;
using pipelines::GraphNode;
using pipelines::PullOutcome;

constexpr std::size_t kAtATime = 2;

class Pull {
 public:
  Pull(const Services& services, const Call& call)
      : services_(services), call_(call), names_(call.Texts("dataset")) {}

  Outcome Run() const {
    auto graph =
        pipelines::GraphToPull(call_.context, services_.chains, *call_.Text("workspace"), names_);
    if (!graph) return std::move(graph).error();
    if (Status kept = KeepStrangersStill(*graph); !kept) return std::move(kept).error();
    if (Status moves = CheckThatItMoves(*graph); !moves) return std::move(moves).error();
    const auto poll = [&](const GraphNode& node) { return Poll(node.entry); };
    const auto outcomes = pipelines::PullGraph(call_.context, services_.chains, services_.deriver,
                                               services_.clock, *graph, poll, kAtATime);
    return Answer(outcomes);
  }

 private:
  // What the chain of somebody else tells to fetch is not done until somebody said so here: asked
  // for by its name it is an error, among all it is left out.
  Status KeepStrangersStill(std::vector<GraphNode>& graph) const {
    ASSIGN_OR_RETURN(const auto snapshot, services_.store.Read(call_.context));
    for (GraphNode& node : graph) {
      if (!node.has_polling_source) continue;
      ASSIGN_OR_RETURN(const bool trusted, datasets::IsTrusted(*snapshot, node.entry.id));
      if (!trusted && names_.empty()) node.has_polling_source = false;
      if (trusted || names_.empty()) continue;
      return Denied("the sources of {} come from another place, and nobody trusts them here",
                    node.entry.name)
          .WithHint("weir inspect schema and weir log show them; weir trust lets them run");
    }
    return Ok();
  }

  Status CheckThatItMoves(const std::vector<GraphNode>& graph) const {
    const bool moves = std::ranges::any_of(
        graph, [](const GraphNode& node) { return node.is_derivative || node.has_polling_source; });
    if (moves || names_.empty()) return Ok();
    return Invalid("the dataset has no polling source")
        .WithHint("its rows are pushed: weir ingest NAME FILE");
  }

  Result<pipelines::PollReport> Poll(const datasets::DatasetEntry& entry) const {
    pipelines::SourceRights rights = services_.source_rights;
    rights.is_owner = call_.request.door == Door::kInProcess;
    ASSIGN_OR_RETURN(rights.variables, SourceVariables(services_, call_.context, entry));
    return services_.ingestor.Poll(call_.context, entry.id, rights);
  }

  // One dataset that was asked for and failed is the whole answer.
  Outcome Answer(const std::vector<PullOutcome>& outcomes) const {
    json::array datasets;
    for (const PullOutcome& outcome : outcomes) {
      const bool is_idle = !outcome.node.is_derivative && !outcome.node.has_polling_source;
      if (is_idle) continue;
      if (names_.size() == 1 && outcome.error && !outcome.was_skipped() && IsNamed(outcome)) {
        return ProblemOfIngest(*outcome.error);
      }
      datasets.push_back(ToJson(outcome));
    }
    return JsonResponse(json::object{{"datasets", std::move(datasets)}});
  }

  bool IsNamed(const PullOutcome& outcome) const {
    return datasets::FoldName(outcome.node.entry.name) == datasets::FoldName(names_.front());
  }

  static json::object ToJson(const PullOutcome& outcome) {
    json::object told{{"dataset", outcome.node.entry.name}};
    if (outcome.error) {
      told["outcome"] = outcome.was_skipped() ? "skipped" : "failed";
      json::object error{{"code", NameOf(outcome.error->code)},
                         {"message", outcome.error->message}};
      if (!outcome.error->hint.empty()) error["hint"] = outcome.error->hint;
      told["error"] = std::move(error);
      return told;
    }
    for (auto& [key, value] : api::ToJson(outcome.report.last)) told[key] = value;
    told["rows"] = outcome.report.rows;
    AddChecks(told, outcome.report.quarantined, outcome.report.warnings);
    if (!outcome.node.is_derivative) told["files"] = outcome.report.files;
    return told;
  }

  const Services& services_;
  const Call& call_;
  const std::vector<std::string> names_;
};

}  // namespace

Outcome PostPull(const Services& services, const Call& call) { return Pull(services, call).Run(); }

}  // namespace weir::api
