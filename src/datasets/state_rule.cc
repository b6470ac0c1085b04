#include "datasets/state_rule.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string_view>
#include <variant>

#include "odf/system_names.h"

namespace weir::datasets {
namespace {

// The key that the last event counts of; empty for strategies that keep every row.
std::vector<std::string> KeyOf(const odf::MergeStrategy& strategy) {
  struct {
    std::vector<std::string> operator()(const odf::MergeStrategyAppend&) const { return {}; }
    std::vector<std::string> operator()(const odf::MergeStrategyLedger&) const { return {}; }
    std::vector<std::string> operator()(const odf::MergeStrategySnapshot& merge) const {
      return merge.primary_key;
    }
    std::vector<std::string> operator()(const odf::MergeStrategyChangelogStream& merge) const {
      return merge.primary_key;
    }
    std::vector<std::string> operator()(const odf::MergeStrategyUpsertStream& merge) const {
      return merge.primary_key;
    }
  } key;
  return std::visit(key, strategy.value);
}

// Calls `visit(source)` for each source in force.
template <typename Visit>
void ForEachSource(const odf::ChainState& chain, const Visit& visit) {
  if (chain.polling_source) visit(*chain.polling_source);
  for (const auto& [name, source] : chain.push_sources) visit(source);
}

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Whether `word` stands in `text` by itself, in any case.
bool Mentions(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  for (auto at = text.begin();; ++at) {
    at = std::search(at, text.end(), word.begin(), word.end(), same);
    if (at == text.end()) return false;
    const auto after = at + static_cast<std::ptrdiff_t>(word.size());
    const bool begins = at == text.begin() || !IsWordCharacter(*(at - 1));
    if (begins && (after == text.end() || !IsWordCharacter(*after))) return true;
  }
}

bool PreprocessMentions(const std::optional<odf::Transform>& preprocess, std::string_view column) {
  if (!preprocess) return false;
  const auto& sql = std::get<odf::TransformSql>(preprocess->value);
  if (sql.query && Mentions(*sql.query, column)) return true;
  if (!sql.queries) return false;
  return std::ranges::any_of(*sql.queries,
                             [&](const auto& step) { return Mentions(step.query, column); });
}

bool MayRead(const odf::ReadStep& read, std::string_view column) {
  return std::visit(
      [&](const auto& step) {
        if (step.schema) {
          return std::ranges::find(step.schema->fields, column, &odf::DataField::name) !=
                 step.schema->fields.end();
        }
        if (!step.ddl_schema) return true;
        return std::ranges::any_of(*step.ddl_schema,
                                   [&](const auto& line) { return Mentions(line, column); });
      },
      read.value);
}

bool SaysThatItIsSystemTime(const odf::ChainState& chain) {
  if (!chain.schema) return false;
  const auto field = std::ranges::find(
      chain.schema->fields, odf::SystemNames(chain.vocab).event_time, &odf::DataField::name);
  return field != chain.schema->fields.end() && field->extra &&
         field->extra->entries == kEventTimeIsSystemTime;
}

}  // namespace

StateRule StateRuleOf(const odf::ChainState& chain) {
  std::optional<std::vector<std::string>> common;
  bool differ = false;
  ForEachSource(chain, [&](const auto& source) {
    auto key = KeyOf(source.merge);
    differ = differ || (common && *common != key);
    common = std::move(key);
  });
  if (!common || differ) return {};
  return {.key = *std::move(common)};
}

bool HasOwnEventTime(const odf::ChainState& chain) {
  if (chain.transform) return !SaysThatItIsSystemTime(chain);
  if (chain.vocab.event_time_column) return true;
  if (!chain.polling_source && chain.push_sources.empty()) return true;
  const std::string column = odf::SystemNames(chain.vocab).event_time;
  bool own = false;
  ForEachSource(chain, [&](const auto& source) {
    own = own || PreprocessMentions(source.preprocess, column) ||
          (!source.preprocess && MayRead(source.read, column));
  });
  return own;
}

}  // namespace weir::datasets
