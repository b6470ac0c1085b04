#include "api/ingest_handlers.h"

#include <boost/json/object.hpp>

#include "api/dataset_path.h"
#include "api/inferred_dataset.h"
#include "api/ingest_answer.h"
#include "control/store.h"
#include "datasets/directory.h"
#include "datasets/pins.h"
#include "pipelines/ingest.h"

namespace weir::api {
namespace {

namespace json = boost::json;

std::optional<pipelines::InputFormat> FormatOf(const Call& call) {
  if (const auto named = call.Text("format")) return pipelines::ParseInputFormat(*named);
  const auto type = call.request.headers.Get("Content-Type");
  return type ? pipelines::FormatOfMediaType(*type) : std::nullopt;
}

// One request to ingest, after its body has arrived.
class Ingestion {
 public:
  Ingestion(const Services& services, const Call& call, std::shared_ptr<const ReadableFile> file)
      : services_(services), call_(call), file_(std::move(file)) {}

  Outcome Run() {
    auto entry = WorkspaceDatasetOf(services_, call_);
    const bool is_missing = !entry && entry.error().code == ErrorCode::kNotFound;
    if (is_missing && call_.Flag("create")) return CreateAndPush();
    if (!entry) return std::move(entry).error();
    return PushTo(entry->id);
  }

 private:
  Outcome PushTo(const odf::DatasetId& id) const {
    const auto request = PushRequestFor(id);
    if (!request) return ProblemOfIngest(request.error());
    const auto report = services_.ingestor.Push(call_.context, *request);
    if (!report) return ProblemOfIngest(report.error());
    json::object answer = ToJson(*report);
    answer["bytes"] = file_->size();
    return JsonResponse(answer);
  }

  Result<pipelines::PushRequest> PushRequestFor(const odf::DatasetId& id) const {
    pipelines::PushRequest request{.dataset = id,
                                   .input = file_,
                                   .input_name = FileName(),
                                   .source_name = *call_.Text("sourceName"),
                                   .format = FormatOf(call_),
                                   .evolves = call_.Flag("evolve")};
    if (const auto time = call_.Text("Odf-Event-Time")) {
      ASSIGN_OR_RETURN(request.event_time, ParseTimestamp(*time));
    }
    return request;
  }

  Outcome CreateAndPush() const {
    const InferredDatasetRequest request{.workspace = *call_.Text("workspace"),
                                         .name = *call_.Text("dataset"),
                                         .keys = call_.Texts("key"),
                                         .source_name = *call_.Text("sourceName"),
                                         .file = file_,
                                         .file_name = FileName(),
                                         .format = FormatOf(call_)};
    const auto inferred = InferDataset(services_, call_.context, request);
    if (!inferred) return ProblemOfIngest(inferred.error());
    const auto report = CreateAndPush(request, *inferred);
    if (!report) {
      // Somebody else may have made a dataset of that name meanwhile.
      const auto entry = WorkspaceDatasetOf(services_, call_);
      return entry ? PushTo(entry->id) : ProblemOfIngest(report.error());
    }
    json::object answer = ToJson(*report);
    answer["bytes"] = file_->size();
    answer["manifest"] = inferred->manifest;
    return JsonResponse(answer);
  }

  Result<pipelines::IngestReport> CreateAndPush(const InferredDatasetRequest& request,
                                                const InferredDataset& inferred) const {
    ASSIGN_OR_RETURN(const odf::DatasetId id,
                     BeginInferredChain(services_, call_.context, request, inferred));
    const auto pin = datasets::Pin::Take(call_.context, services_.store, id, services_.clock.Now());
    if (!pin) return pin.error();
    ASSIGN_OR_RETURN(auto push, PushRequestFor(id));
    push.converted = inferred.input.converted;
    push.keeps_microseconds = true;
    ASSIGN_OR_RETURN(pipelines::IngestReport report, services_.ingestor.Push(call_.context, push));
    RETURN_IF_ERROR(NameInferredChain(services_, call_.context, request, id));
    return report;
  }

  std::string FileName() const { return call_.Text("fileName").value_or("the body"); }

  const Services& services_;
  const Call& call_;
  const std::shared_ptr<const ReadableFile> file_;
};

}  // namespace

Outcome PostIngest(const Services& services, const Call& call) {
  auto file = services.ingestor.Receive(call.context, *call.request.body);
  if (!file) return ProblemOfIngest(file.error());
  return Ingestion(services, call, *std::move(file)).Run();
}

}  // namespace weir::api
