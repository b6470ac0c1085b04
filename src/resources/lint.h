#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "resources/apply_request.h"
#include "resources/kind_registry.h"
#include "resources/problem.h"

namespace weir::resources {

/// What one manifest would meet here.
struct LintFinding {
  enum class Verdict {
    kApplies,     ///< it is right (whether what it needs is there is not asked)
    kNotHereYet,  ///< DataOS knows this kind, or this key of it, and we do not yet
    kWrong,       ///< it would be refused; `problems` says why
  };

  Verdict verdict = Verdict::kApplies;
  Place place = {};
  std::string type = {};  ///< empty when it could not be read
  std::string name = {};
  std::string sentence =
      {};  ///< "applies", "kind workflow is not here yet", "key x is not here yet"
  std::vector<Problem> problems = {};
};

std::string_view NameOf(LintFinding::Verdict verdict);  ///< applies, not-here-yet, wrong

/// Says of every manifest in the documents whether it would apply. Pure; stores nothing and asks
/// for nothing that is stored.
std::vector<LintFinding> Lint(const KindRegistry& registry, const std::vector<Document>& documents,
                              const std::vector<Document>& attachments = {});

}  // namespace weir::resources
