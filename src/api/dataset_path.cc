#include "api/dataset_path.h"

#include "control/store.h"

namespace weir::api {
namespace {

constexpr std::size_t kLongestName = 253;
constexpr std::size_t kLongestWord = 63;

Parameter Word(std::string name, std::string description) {
  return {.in = Parameter::In::kPath,
          .name = std::move(name),
          .schema = schema::Text({.min = 1, .max = kLongestWord, .shape = &kPrintable}),
          .description = std::move(description)};
}

std::vector<Parameter> Joined(std::vector<Parameter> parameters, std::vector<Parameter> more) {
  for (Parameter& parameter : more) parameters.push_back(std::move(parameter));
  return parameters;
}

schema::Schema NameText() {
  return schema::Text({.min = 1, .max = kLongestName, .shape = &kPrintable});
}

}  // namespace

std::vector<Parameter> DatasetPathParameters(std::vector<Parameter> more) {
  std::vector<Parameter> parameters = {{.in = Parameter::In::kPath,
                                        .name = "name",
                                        .schema = NameText(),
                                        .description = "The dataset's name."},
                                       {.name = "workspace",
                                        .schema = schema::WithDefault(NameText(), "public"),
                                        .description = "The workspace it is in."}};
  return Joined(std::move(parameters), std::move(more));
}

Result<datasets::DatasetEntry> DatasetOf(const Services& services, const Call& call) {
  ASSIGN_OR_RETURN(const auto snapshot, services.store.Read(call.context));
  return datasets::FindDataset(*snapshot, *call.Text("workspace"), *call.Text("name"));
}

Parameter WorkspaceParameter(std::string description) {
  return Word("workspace", std::move(description));
}

std::vector<Parameter> WorkspaceDatasetParameters(std::vector<Parameter> more) {
  return Joined({WorkspaceParameter("Where the dataset is."), Word("dataset", "Its name.")},
                std::move(more));
}

Result<datasets::DatasetEntry> WorkspaceDatasetOf(const Services& services, const Call& call) {
  ASSIGN_OR_RETURN(const auto snapshot, services.store.Read(call.context));
  return datasets::FindDataset(*snapshot, *call.Text("workspace"), *call.Text("dataset"));
}

bool IsOnTheHome(const Call& call) { return call.request.door != Door::kNetwork; }

}  // namespace weir::api
