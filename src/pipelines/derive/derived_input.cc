#include "pipelines/derive/derived_input.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"

namespace weir::pipelines {
namespace {

using datasets::History;
using engine::Identifier;
using engine::ScanSource;
using engine::Version;

class Putting {
 public:
  Putting(const Context& context, engine::Workbench& bench, const InputInterval& interval)
      : context_(context),
        bench_(bench),
        interval_(interval),
        names_(interval.in_force.vocab),
        rule_(datasets::StateRuleOf(interval.in_force)) {}

  Status Run(datasets::ChainStore& chains, datasets::StateStore& states, bool with_changes,
             std::vector<engine::DeltaInput>& inputs) {
    ASSIGN_OR_RETURN(const auto events, ReadNow(chains, states));
    history_ = events.history;
    columns_ = datasets::StateColumns(Table(false));
    RETURN_IF_ERROR(PutState(Version::kNew, events.source, events.is_state));
    RETURN_IF_ERROR(
        View(Events(), Version::kNew, fmt::format("SELECT * FROM {}", Identifier(Name("all")))));
    if (with_changes) RETURN_IF_ERROR(PutChanges(chains));
    inputs.push_back({.name = interval_.alias, .keys = KeysShown()});
    inputs.push_back({.name = Events(), .keys = {names_.offset}});
    return Ok();
  }

 private:
  std::string Events() const { return interval_.alias + "$events"; }
  // Of a relation that is no version: no step of a plan can be called so.
  std::string Name(const char* what) const { return fmt::format("{} {}", interval_.alias, what); }

  datasets::StateTable Table(bool is_state) const {
    return {.schema = history_->schema,
            .names = names_,
            .rule = rule_,
            .has_own_event_time = datasets::HasOwnEventTime(interval_.in_force),
            .is_state = is_state};
  }

  Result<datasets::StateEvents> ReadNow(datasets::ChainStore& chains,
                                        datasets::StateStore& states) const {
    ASSIGN_OR_RETURN(const auto history,
                     datasets::ReadHistory(context_, chains, interval_.id, interval_.now));
    if (!history) return Internal("input {} has no schema", interval_.alias);
    if (!rule_.key.empty()) return states.Read(context_, interval_.id, interval_.now, rule_.key);
    return datasets::StateEvents{
        .history = history, .source = history->source, .is_state = history->only_appends};
  }

  Status View(const std::string& relation, Version version, const std::string& sql) {
    return bench_.Execute(
        context_,
        fmt::format("CREATE VIEW {} AS {}", Identifier(engine::NameOf(relation, version)), sql));
  }

  // A relation without files cannot be scanned.
  Status AddFiles(const std::string& name, std::shared_ptr<const ScanSource> source) {
    if (!source->files.empty()) return bench_.AddRelation(name, std::move(source));
    std::vector<std::string> columns;
    for (const engine::Column& column : source->columns) {
      columns.push_back(
          fmt::format("CAST(NULL AS {}) AS {}", column.type, Identifier(column.name)));
    }
    return bench_.Execute(context_, fmt::format("CREATE VIEW {} AS SELECT {} WHERE false",
                                                Identifier(name), fmt::join(columns, ", ")));
  }

  Status PutState(Version version, std::shared_ptr<const ScanSource> source, bool is_state) {
    const std::string files = engine::NameOf(interval_.alias, version) + " files";
    RETURN_IF_ERROR(AddFiles(files, std::move(source)));
    if (version == Version::kNew) RETURN_IF_ERROR(AddFiles(Name("all"), history_->source));
    return View(interval_.alias, version, datasets::StateSql(Table(is_state), Identifier(files)));
  }

  Status PutChanges(datasets::ChainStore& chains) {
    const auto last = interval_.last_sequence;
    const auto between = [&](std::optional<std::uint64_t> after, std::uint64_t until) {
      return datasets::EventsBetween(context_, chains, interval_.id, *history_, after, until);
    };
    // Block 0 is the seed: it brings no rows.
    ASSIGN_OR_RETURN(const auto old_files, between({}, last.value_or(0)));
    RETURN_IF_ERROR(PutState(Version::kOld, old_files, history_->only_appends));
    const std::string fresh = Name("fresh");
    ASSIGN_OR_RETURN(const auto fresh_files, between(last, interval_.now.sequence_number));
    RETURN_IF_ERROR(AddFiles(fresh, fresh_files));
    RETURN_IF_ERROR(rule_.key.empty() ? ChangesByOperation(fresh) : ChangesByKey(fresh));
    RETURN_IF_ERROR(Both(interval_.alias));
    RETURN_IF_ERROR(
        View(Events(), Version::kOld,
             fmt::format("SELECT * FROM {}",
                         Identifier(engine::NameOf(interval_.alias, Version::kOld) + " files"))));
    RETURN_IF_ERROR(
        View(Events(), Version::kAdded, fmt::format("SELECT * FROM {}", Identifier(fresh))));
    RETURN_IF_ERROR(View(Events(), Version::kRemoved,
                         fmt::format("SELECT * FROM {} WHERE false", Identifier(fresh))));
    return Both(Events());
  }

  Status Both(const std::string& relation) {
    return View(relation, Version::kChanged,
                fmt::format("SELECT * FROM {} UNION ALL SELECT * FROM {}",
                            Identifier(engine::NameOf(relation, Version::kAdded)),
                            Identifier(engine::NameOf(relation, Version::kRemoved))));
  }

  std::string Listed() const {
    std::vector<std::string> quoted;
    for (const std::string& column : columns_) quoted.push_back(Identifier(column));
    return fmt::format("{}", fmt::join(quoted, ", "));
  }

  Status Table(Version version, const std::string& sql) {
    return bench_.Execute(context_,
                          fmt::format("CREATE TABLE {} AS {}",
                                      Identifier(engine::NameOf(interval_.alias, version)), sql));
  }

  // Of a multiset: what an event adds or takes.
  Status ChangesByOperation(const std::string& fresh) {
    const auto changes = [&](const char* operations) {
      return fmt::format("SELECT {} FROM {} WHERE {} IN ({})", Listed(), Identifier(fresh),
                         Identifier(names_.op), operations);
    };
    RETURN_IF_ERROR(Table(Version::kAdded, changes("0, 3")));
    return Table(Version::kRemoved, changes("1, 2"));
  }

  // The last event of a key decides, so what was and what is there of each key that has events.
  Status ChangesByKey(const std::string& fresh) {
    std::vector<std::string> keys;
    std::vector<std::string> same;
    for (const std::string& key : rule_.key) {
      keys.push_back(Identifier(key));
      same.push_back(fmt::format("r.{0} IS NOT DISTINCT FROM k.{0}", Identifier(key)));
    }
    const std::string touched = Identifier(Name("touched keys"));
    RETURN_IF_ERROR(
        bench_.Execute(context_, fmt::format("CREATE TABLE {} AS SELECT DISTINCT {} FROM {}",
                                             touched, fmt::join(keys, ", "), Identifier(fresh))));
    const auto changes = [&](Version version) {
      return fmt::format("SELECT r.* FROM {} r SEMI JOIN {} k ON {}",
                         Identifier(engine::NameOf(interval_.alias, version)), touched,
                         fmt::join(same, " AND "));
    };
    RETURN_IF_ERROR(Table(Version::kAdded, changes(Version::kNew)));
    return Table(Version::kRemoved, changes(Version::kOld));
  }

  std::vector<std::string> KeysShown() const {
    const bool all = std::ranges::all_of(rule_.key, [&](const std::string& key) {
      return std::ranges::find(columns_, key) != columns_.end();
    });
    return all ? rule_.key : std::vector<std::string>();
  }

  const Context& context_;
  engine::Workbench& bench_;
  const InputInterval& interval_;
  const odf::SystemNames names_;
  const datasets::StateRule rule_;
  std::shared_ptr<const History> history_;
  std::vector<std::string> columns_;
};

}  // namespace

Status PutInput(const Context& context, engine::Workbench& bench, datasets::ChainStore& chains,
                datasets::StateStore& states, const InputInterval& interval, bool with_changes,
                std::vector<engine::DeltaInput>& inputs) {
  return Putting(context, bench, interval).Run(chains, states, with_changes, inputs);
}

}  // namespace weir::pipelines
