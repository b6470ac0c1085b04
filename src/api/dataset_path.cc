#include "api/dataset_path.h"

#include "control/store.h"

namespace weir::api {
namespace {

constexpr std::size_t kLongestName = 253;

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
  for (Parameter& parameter : more) parameters.push_back(std::move(parameter));
  return parameters;
}

Result<datasets::DatasetEntry> DatasetOf(const Services& services, const Call& call) {
  ASSIGN_OR_RETURN(const auto snapshot, services.store.Read(call.context));
  return datasets::FindDataset(*snapshot, *call.Text("workspace"), *call.Text("name"));
}

bool IsOnTheHome(const Call& call) { return call.request.door != Door::kNetwork; }

}  // namespace weir::api
