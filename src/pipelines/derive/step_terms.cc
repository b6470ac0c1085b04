#include "pipelines/derive/step_terms.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/sql_text.h"

namespace weir::pipelines {

std::vector<std::string> TextsOf(const std::vector<engine::DeltaTerm>& terms,
                                 const std::set<std::string>& full) {
  std::vector<std::string> texts;
  for (const engine::DeltaTerm& term : terms) {
    if (full.contains(term.reads)) texts.push_back(term.sql);
  }
  return texts;
}

Status MakeTouched(const Context& context, engine::Workbench& bench, const engine::DeltaStep& step,
                   const std::set<std::string>& full) {
  const std::string name = engine::NameOf(step.name, engine::Version::kTouched);
  // One group once, also where only one side of a change has rows.
  return bench.Execute(context, fmt::format("CREATE TABLE {} AS SELECT DISTINCT * FROM ({})",
                                            engine::Identifier(name),
                                            fmt::join(TextsOf(step.terms, full), " UNION ALL ")));
}

}  // namespace weir::pipelines
