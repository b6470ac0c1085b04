#include "pipelines/derive/derived_input.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "datasets/history.h"
#include "datasets/state_rule.h"
#include "datasets/state_sql.h"
#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/shown_columns.h"

namespace weir::pipelines {
namespace {

using datasets::History;
using engine::Identifier;
using engine::ScanSource;
using engine::Version;

// A text of a type is told from that of another by its end.
void Say(std::string& shape, std::string_view text) {
  shape += fmt::format("{}:{} ", text.size(), text);
}

// With hidden columns, `name` is a view of what is called so.
std::string NameOfFiles(const std::string& name, const std::vector<std::string>& hidden) {
  return hidden.empty() ? name : name + " whole";
}

// How the state of an input is read.
struct Form {
  explicit Form(const DerivedInput& input)
      : names(input.interval->in_force.vocab),
        rule(datasets::StateRuleOf(input.interval->in_force)),
        schema(WithoutColumns(input.history->schema, input.interval->hidden)),
        table({.schema = schema,
               .names = names,
               .rule = rule,
               .has_own_event_time = datasets::HasOwnEventTime(input.interval->in_force)}),
        columns(datasets::StateColumns(table)),
        only_appends(rule.key.empty() && input.history->only_appends) {}

  std::string Sql(bool is_state, const std::string& files) const {
    datasets::StateTable read = table;
    read.is_state = is_state;
    return datasets::StateSql(read, Identifier(files));
  }

  const odf::SystemNames names;
  const datasets::StateRule rule;
  const odf::DataSchema schema;
  const datasets::StateTable table;
  const std::vector<std::string> columns;
  const bool only_appends;  // what is fresh came, and nothing went
};

class Putting {
 public:
  Putting(const Context& context, engine::Workbench& bench, const DerivedInput& input)
      : context_(context), bench_(bench), input_(input), interval_(*input.interval), form_(input) {}

  Status PutRelations() {
    RETURN_IF_ERROR(PutFiles());
    RETURN_IF_ERROR(
        View(interval_.alias, Version::kNew, form_.Sql(input_.now_is_state, Name("now"))));
    RETURN_IF_ERROR(View(interval_.alias, Version::kOld, StateOfEvents(input_, Name("old files"))));
    if (!form_.only_appends) return Ok();
    const std::string rows = fmt::format("SELECT {} FROM {}", Listed(), Identifier(Name("fresh")));
    RETURN_IF_ERROR(View(interval_.alias, Version::kAdded, rows));
    RETURN_IF_ERROR(View(interval_.alias, Version::kRemoved, rows + " WHERE false"));
    return Both(interval_.alias);
  }

  Status PutEvents() {
    const auto view = [&](Version version, const char* files, const char* where) {
      return View(Events(), version,
                  fmt::format("SELECT * FROM {}{}", Identifier(Name(files)), where));
    };
    RETURN_IF_ERROR(view(Version::kNew, "all", ""));
    RETURN_IF_ERROR(view(Version::kOld, "old files", ""));
    RETURN_IF_ERROR(view(Version::kAdded, "fresh", ""));
    RETURN_IF_ERROR(view(Version::kRemoved, "fresh", " WHERE false"));
    return Both(Events());
  }

  Status PutFiles() {
    for (const auto& [name, source] : Files())
      RETURN_IF_ERROR(PutSource(context_, bench_, name, source, interval_.hidden));
    return Ok();
  }

  Status PutSources() {
    for (const auto& [name, source] : Files()) {
      if (source->files.empty()) continue;
      RETURN_IF_ERROR(bench_.AddRelation(NameOfFiles(name, interval_.hidden), source));
    }
    return Ok();
  }

  Result<InputChange> PutChange() {
    InputChange change{.name = interval_.alias};
    if (form_.only_appends) {
      change.has_added = !input_.fresh->files.empty();
      change.has_removed = false;
      return change;
    }
    RETURN_IF_ERROR(form_.rule.key.empty() ? ChangesByOperation() : ChangesByKey());
    RETURN_IF_ERROR(Both(interval_.alias));
    return change;
  }

  std::string Events() const { return interval_.alias + kEventsSuffix; }
  std::vector<std::string> EventKeys() const { return {form_.names.offset}; }

  std::vector<std::string> KeysShown() const {
    const bool all = std::ranges::all_of(form_.rule.key, [&](const std::string& key) {
      return std::ranges::find(form_.columns, key) != form_.columns.end();
    });
    return all ? form_.rule.key : std::vector<std::string>();
  }

 private:
  std::vector<std::pair<std::string, std::shared_ptr<const ScanSource>>> Files() const {
    return {{Name("now"), input_.now},
            {Name("all"), input_.history->source},
            {Name("old files"), input_.old},
            {Name("fresh"), input_.fresh}};
  }

  // Of a relation that is no version: no step of a plan can be called so.
  std::string Name(const char* what) const { return fmt::format("{} {}", interval_.alias, what); }

  Status View(const std::string& relation, Version version, const std::string& sql) {
    return bench_.Execute(
        context_,
        fmt::format("CREATE VIEW {} AS {}", Identifier(engine::NameOf(relation, version)), sql));
  }

  Status Both(const std::string& relation) {
    return View(relation, Version::kChanged,
                fmt::format("SELECT * FROM {} UNION ALL SELECT * FROM {}",
                            Identifier(engine::NameOf(relation, Version::kAdded)),
                            Identifier(engine::NameOf(relation, Version::kRemoved))));
  }

  std::string Listed() const {
    std::vector<std::string> quoted;
    for (const std::string& column : form_.columns) quoted.push_back(Identifier(column));
    return fmt::format("{}", fmt::join(quoted, ", "));
  }

  Status MakeTable(Version version, const std::string& sql) {
    return bench_.Execute(context_,
                          fmt::format("CREATE TABLE {} AS {}",
                                      Identifier(engine::NameOf(interval_.alias, version)), sql));
  }

  // Of a multiset: what an event adds or takes.
  Status ChangesByOperation() {
    const auto changes = [&](const char* operations) {
      return fmt::format("SELECT {} FROM {} WHERE {} IN ({})", Listed(), Identifier(Name("fresh")),
                         Identifier(form_.names.op), operations);
    };
    RETURN_IF_ERROR(MakeTable(Version::kAdded, changes("0, 3")));
    return MakeTable(Version::kRemoved, changes("1, 2"));
  }

  // The last event of a key decides, so what was and what is there of each key that has events.
  Status ChangesByKey() {
    std::vector<std::string> keys;
    std::vector<std::string> same;
    for (const std::string& key : form_.rule.key) {
      keys.push_back(Identifier(key));
      same.push_back(fmt::format("r.{0} IS NOT DISTINCT FROM k.{0}", Identifier(key)));
    }
    const std::string touched = Identifier(Name("touched keys"));
    RETURN_IF_ERROR(bench_.Execute(
        context_, fmt::format("CREATE TABLE {} AS SELECT DISTINCT {} FROM {}", touched,
                              fmt::join(keys, ", "), Identifier(Name("fresh")))));
    const auto changes = [&](Version version) {
      return fmt::format("SELECT r.* FROM {} r SEMI JOIN {} k ON {}",
                         Identifier(engine::NameOf(interval_.alias, version)), touched,
                         fmt::join(same, " AND "));
    };
    RETURN_IF_ERROR(MakeTable(Version::kAdded, changes(Version::kNew)));
    return MakeTable(Version::kRemoved, changes(Version::kOld));
  }

  const Context& context_;
  engine::Workbench& bench_;
  const DerivedInput& input_;
  const InputInterval& interval_;
  const Form form_;
};

}  // namespace

Status PutSource(const Context& context, engine::Workbench& bench, const std::string& name,
                 std::shared_ptr<const ScanSource> source, const std::vector<std::string>& hidden) {
  if (!hidden.empty()) {
    const std::string files = NameOfFiles(name, hidden);
    RETURN_IF_ERROR(PutSource(context, bench, files, std::move(source), {}));
    std::vector<std::string> columns;
    for (const std::string& column : hidden) columns.push_back(Identifier(column));
    return bench.Execute(
        context, fmt::format("CREATE VIEW {} AS SELECT * EXCLUDE ({}) FROM {}", Identifier(name),
                             fmt::join(columns, ", "), Identifier(files)));
  }
  // A relation without files cannot be scanned.
  if (!source->files.empty()) return bench.AddRelation(name, std::move(source));
  std::vector<std::string> columns;
  for (const engine::Column& column : source->columns) {
    columns.push_back(fmt::format("CAST(NULL AS {}) AS {}", column.type, Identifier(column.name)));
  }
  return bench.Execute(context, fmt::format("CREATE VIEW {} AS SELECT {} WHERE false",
                                            Identifier(name), fmt::join(columns, ", ")));
}

Result<DerivedInput> FindInput(const Context& context, datasets::ChainStore& chains,
                               datasets::StateStore& states, const InputInterval& interval) {
  ASSIGN_OR_RETURN(DerivedInput input, FindEvents(context, chains, interval));
  const datasets::StateRule rule = datasets::StateRuleOf(interval.in_force);
  input.now = input.history->source;
  input.now_is_state = input.history->only_appends;
  if (!rule.key.empty()) {
    ASSIGN_OR_RETURN(const auto state, states.Read(context, interval.id, interval.now, rule.key));
    input.history = state.history;
    input.now = state.source;
    input.now_is_state = state.is_state;
  }
  // Block 0 is the seed: it brings no rows.
  ASSIGN_OR_RETURN(input.old, datasets::EventsBetween(context, chains, interval.id, *input.history,
                                                      {}, interval.last_sequence.value_or(0)));
  return input;
}

Result<DerivedInput> FindEvents(const Context& context, datasets::ChainStore& chains,
                                const InputInterval& interval) {
  DerivedInput input{.interval = &interval};
  ASSIGN_OR_RETURN(input.history,
                   datasets::ReadHistory(context, chains, interval.id, interval.now));
  if (!input.history) return Internal("input {} has no schema", interval.alias);
  ASSIGN_OR_RETURN(input.fresh,
                   datasets::EventsBetween(context, chains, interval.id, *input.history,
                                           interval.last_sequence, interval.now.sequence_number));
  return input;
}

std::string ShapeOf(const DerivedInput& input) {
  const Form form(input);
  std::string shape;
  Say(shape, input.interval->alias);
  for (const engine::Column& column : input.history->source->columns) {
    Say(shape, column.name);
    Say(shape, column.type);
  }
  for (const std::string& column : form.columns) Say(shape, column);
  for (const std::string& column : input.interval->hidden) Say(shape, column);
  for (const std::string& key : form.rule.key) Say(shape, key);
  Say(shape, form.names.op);
  Say(shape, form.names.offset);
  Say(shape, input.now_is_state ? "state" : "events");
  Say(shape, input.history->only_appends ? "appends" : "changes");
  for (const auto& source : {input.now, input.history->source, input.old, input.fresh}) {
    Say(shape, source->files.empty() ? "empty" : "full");
  }
  return shape;
}

Status PutInput(const Context& context, engine::Workbench& bench, const DerivedInput& input,
                bool with_events, std::vector<engine::DeltaInput>& inputs) {
  Putting putting(context, bench, input);
  RETURN_IF_ERROR(putting.PutRelations());
  inputs.push_back({.name = input.interval->alias, .keys = putting.KeysShown()});
  if (!with_events) return Ok();
  RETURN_IF_ERROR(putting.PutEvents());
  inputs.push_back({.name = putting.Events(), .keys = putting.EventKeys()});
  return Ok();
}

Status PutSources(engine::Workbench& bench, const DerivedInput& input) {
  return Putting(Context::Background(), bench, input).PutSources();
}

std::string StateOfEvents(const DerivedInput& input, const std::string& events) {
  const Form form(input);
  return form.Sql(form.only_appends, events);
}

Result<InputChange> PutChange(const Context& context, engine::Workbench& bench,
                              const DerivedInput& input) {
  return Putting(context, bench, input).PutChange();
}

}  // namespace weir::pipelines
