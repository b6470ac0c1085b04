#include "cli/patient_client.h"

#include "cli/progress.h"

namespace weir::cli {
namespace {

class PatientClient : public Client {
 public:
  PatientClient(std::unique_ptr<Client> client, const Terminal& terminal)
      : client_(std::move(client)), terminal_(terminal) {}

  Result<api::Response> Send(const Context& context, api::Request request) override {
    const Progress progress(terminal_, "waiting for " + client_->Name());
    return client_->Send(context, std::move(request));
  }

  std::string Name() const override { return client_->Name(); }

 private:
  const std::unique_ptr<Client> client_;
  const Terminal terminal_;
};

}  // namespace

std::unique_ptr<Client> ShowingProgress(std::unique_ptr<Client> client, const Terminal& terminal) {
  return std::make_unique<PatientClient>(std::move(client), terminal);
}

}  // namespace weir::cli
