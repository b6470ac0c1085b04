#include "cli/patient_client.h"

#include "cli/progress.h"
#include "cli/transfer.h"

namespace weir::cli {
namespace {

constexpr std::uint64_t kLargeBody = 1 << 20;

class PatientClient : public Client {
 public:
  PatientClient(std::unique_ptr<Client> client, const Terminal& terminal)
      : client_(std::move(client)), terminal_(terminal) {}

  Result<api::Response> Send(const Context& context, api::Request request) override {
    const std::string waiting = "waiting for " + client_->Name();
    const auto size = request.body ? request.body->Size() : std::nullopt;
    if (!size || *size < kLargeBody) {
      const Progress progress(terminal_, waiting);
      return client_->Send(context, std::move(request));
    }
    const auto transfer = std::make_shared<Transfer>(*size);
    request.body = Counted(std::move(request.body), transfer);
    const Progress progress(terminal_, [&](std::chrono::milliseconds passed) {
      return waiting + ": " + transfer->Text(passed);
    });
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
