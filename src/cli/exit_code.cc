#include "cli/exit_code.h"

#include <array>

namespace weir::cli {
namespace {

constexpr std::array kFacts = {
    ExitCodeFact{ExitCode::kOk, "ok", "It was done. Also when the reader of a pipe left early."},
    ExitCodeFact{ExitCode::kFailed, "failed", "It was tried and failed, or a limit was reached."},
    ExitCodeFact{
        ExitCode::kUsage, "usage",
        "The command line or what it was given (a manifest, a configuration) is wrong; the "
        "same call fails again. Nothing was stored."},
    ExitCodeFact{ExitCode::kNotFound, "not found", "What was asked for is not there."},
    ExitCodeFact{ExitCode::kNotAllowed, "not allowed", "Not signed in, or not allowed to do this."},
    ExitCodeFact{ExitCode::kConflict, "conflict",
                 "Somebody else was there first: it exists, was changed meanwhile, or another "
                 "process owns it."},
    ExitCodeFact{ExitCode::kPartial, "partial",
                 "Some of what was asked was done or found, and some was not; the output says "
                 "which."},
    ExitCodeFact{ExitCode::kVerificationFailed, "verification failed",
                 "What is stored is not what it should be; no retry cures it."},
    ExitCodeFact{ExitCode::kUnreachable, "unreachable or timed out",
                 "The other side could not be reached or did not answer in time; or an address is "
                 "in use by another process."},
    ExitCodeFact{ExitCode::kInterrupted, "interrupted", "Ctrl-C."},
};

}  // namespace

std::span<const ExitCodeFact> ExitCodes() { return kFacts; }

}  // namespace weir::cli
