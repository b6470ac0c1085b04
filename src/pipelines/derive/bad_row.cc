#include "pipelines/derive/bad_row.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "engine/batch_plan.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/batch_step.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;
using engine::NameOf;
using engine::Version;

// Whoever waits for the update was going to see it fail anyway.
constexpr std::chrono::seconds kPatience{60};

struct BadRow {
  std::string alias;
  std::uint64_t offset = 0;
};

// How many events of an input the query reads.
struct Span {
  std::uint64_t good = 0;  ///< so many were read before
  std::uint64_t all = 0;
};

class Search {
 public:
  Search(const Context& context, const StepPlace& place, const TransformAtWork& work, bool follows)
      : context_(context), place_(place), work_(work), follows_(follows) {}

  // nullopt: with all events of all inputs the query gives rows.
  Result<std::optional<BadRow>> Run() {
    RETURN_IF_ERROR(place_.bench.Clear());
    ASSIGN_OR_RETURN(const auto inputs, FindInputs(context_, place_.chains, place_.states, work_));
    RETURN_IF_ERROR(work_.is_by_batch() ? PlanBatches(inputs) : PlanStates(inputs));
    // One input after the other gets what is new in it.
    for (const InputAtStep& input : work_.inputs) {
      const Span span = SpanOf(input);
      ASSIGN_OR_RETURN(const bool passes, Passes(input, span.all));
      if (passes) continue;
      return FindIn(input, span);
    }
    return std::optional<BadRow>();
  }

 private:
  Status PlanBatches(const std::vector<DerivedInput>& inputs) {
    RETURN_IF_ERROR(PutBatch(context_, place_.bench, work_, inputs));
    result_ = engine::kBatchResult;
    return ShowGood();
  }

  Status PlanStates(const std::vector<DerivedInput>& inputs) {
    ASSIGN_OR_RETURN(const engine::DeltaPlan plan, PlanOn(context_, place_.bench, work_, inputs));
    result_ = NameOf(plan.steps.back().name, Version::kNew);
    RETURN_IF_ERROR(ShowGood());
    for (const DerivedInput& input : inputs) RETURN_IF_ERROR(PutPrefix(input));
    return Ok();
  }

  Status ShowGood() {
    for (const InputAtStep& input : work_.inputs) {
      RETURN_IF_ERROR(Show(input, SpanOf(input).good));
    }
    return Ok();
  }

  Span SpanOf(const InputAtStep& input) const {
    const auto count = [](const std::optional<std::uint64_t>& last) {
      return last ? *last + 1 : 0;
    };
    const std::uint64_t before = count(input.event.prev_offset);
    const std::uint64_t all = input.event.new_offset ? count(input.event.new_offset) : before;
    return {.good = follows_ || work_.is_by_batch() ? before : 0, .all = all};
  }

  Result<std::optional<BadRow>> FindIn(const InputAtStep& input, Span span) {
    while (span.all - span.good > 1) {
      const std::uint64_t middle = span.good + (span.all - span.good) / 2;
      ASSIGN_OR_RETURN(const bool passes, Passes(input, middle));
      (passes ? span.good : span.all) = middle;
    }
    return std::optional(BadRow{.alias = input.interval.alias, .offset = span.all - 1});
  }

  Result<bool> Passes(const InputAtStep& input, std::uint64_t events) {
    RETURN_IF_ERROR(Show(input, events));
    // Every value is computed, and nothing is kept of it.
    const Status ran = place_.bench.Execute(
        context_,
        fmt::format("CREATE OR REPLACE TABLE {} AS SELECT bit_xor(hash(r)) AS h FROM {} r",
                    Identifier("values seen"), Identifier(result_)));
    if (!ran && ran.error().code != ErrorCode::kInvalid) return ran.error();
    return bool(ran);
  }

  static std::string Prefix(const std::string& alias) { return alias + " first events"; }

  Status Show(const InputAtStep& input, std::uint64_t events) {
    if (work_.is_by_batch()) return CutBatch(context_, place_.bench, input, events);
    const odf::SystemNames names(input.interval.in_force.vocab);
    return Execute(fmt::format("CREATE OR REPLACE VIEW {} AS SELECT * FROM {} WHERE {} < {}",
                               Identifier(Prefix(input.interval.alias)),
                               Identifier(input.interval.alias + " all"), Identifier(names.offset),
                               events));
  }

  // The state and the events of the input are those of its first ones.
  Status PutPrefix(const DerivedInput& input) {
    const std::string& alias = input.interval->alias;
    RETURN_IF_ERROR(Replace(alias, StateOfEvents(input, Prefix(alias))));
    return Replace(alias + kEventsSuffix, "SELECT * FROM " + Identifier(Prefix(alias)));
  }

  Status Replace(const std::string& relation, const std::string& sql) {
    return Execute(fmt::format("CREATE OR REPLACE VIEW {} AS {}",
                               Identifier(NameOf(relation, Version::kNew)), sql));
  }

  Status Execute(const std::string& sql) { return place_.bench.Execute(context_, sql); }

  const Context& context_;
  const StepPlace& place_;
  const TransformAtWork& work_;
  const bool follows_;
  std::string result_;
};

}  // namespace

Error WithBadRow(const Context& context, const StepPlace& place, const TransformAtWork& work,
                 bool follows, Error error) {
  const auto found = Search(context.WithTimeout(kPatience), place, work, follows).Run();
  if (!found || !*found) return error;
  const BadRow& row = **found;
  error.message = fmt::format("row {} of input {}: {}", row.offset + 1, row.alias, error.message);
  if (error.hint.empty()) {
    error.hint = fmt::format("its history shows it: \"offset\" = {}", row.offset);
  }
  return error;
}

}  // namespace weir::pipelines
