#include "engine/batch_rules.h"

#include <algorithm>
#include <array>
#include <string>

#include "engine/duckdb/listed_functions.h"

namespace weir::engine {
namespace {

constexpr std::string_view kNotListed =
    "it is not on the list of what gives the same value in both engines";
constexpr std::string_view kSeveral = "it looks at several rows, and a batch has some of them only";
constexpr std::string_view kLetters = "some letters (ß, İ, Σ) become others in DataFusion";
constexpr std::string_view kPatterns = "patterns are matched in another way in DataFusion";
constexpr std::string_view kType = "its result is of another type in DataFusion: use CASE WHEN";
constexpr std::string_view kOtherValue = "its result is another one in DataFusion";

struct Allowed {
  std::string_view name;
  std::string_view runs_as = {};
  std::string_view gives = {};
  bool is_arithmetic = false;
};

// Sorted, as are those below. Operators are functions too. Each was run in both engines over rows
// that try its corners (docs/decisions/batches.md).
constexpr auto kAllowed = std::to_array<Allowed>({
    {"!~~"},
    {"!~~*"},
    {"%", "batch_modulo", "", true},
    {"&", "", "", true},
    {"*", "", "", true},
    {"+", "", "", true},
    {"-", "", "", true},
    {"/", "batch_divide", "", true},
    {"abs", "", "", true},
    {"ascii"},
    {"bit_length", "", "INTEGER"},
    {"ceil"},
    {"char_length", "", "INTEGER"},
    {"character_length", "", "INTEGER"},
    {"chr"},
    {"concat"},
    {"concat_ws"},
    {"contains"},
    {"date_part", "", "INTEGER"},
    {"date_trunc"},
    {"datepart", "", "INTEGER"},
    {"datetrunc"},
    {"ends_with"},
    {"floor"},
    {"greatest", "", "", true},
    {"instr", "", "INTEGER"},
    {"isnan"},
    {"least", "", "", true},
    {"left"},
    {"length", "", "INTEGER"},
    {"lpad"},
    {"ltrim"},
    {"make_date"},
    {"md5"},
    {"pi"},
    {"repeat"},
    {"replace"},
    {"right"},
    {"round"},
    {"rpad"},
    {"rtrim"},
    {"split_part"},
    {"sqrt"},
    {"starts_with"},
    {"strpos", "", "INTEGER"},
    {"substr"},
    {"substring"},
    {"to_days"},
    {"to_hours"},
    {"to_milliseconds"},
    {"to_minutes"},
    {"to_months"},
    {"to_seconds"},
    {"to_weeks"},
    {"to_years"},
    {"translate"},
    {"trim"},
    {"trunc"},
    {"|", "", "", true},
    {"||"},
    {"~~"},
    {"~~*"},
});

// Not everything that is refused, but what people try.
constexpr auto kRefusals = std::to_array<RefusedFunction>({
    {"//", kOtherValue},
    {"^", kOtherValue},
    {"any_value", kSeveral},
    {"array_agg", kSeveral},
    {"avg", kSeveral},
    {"bool_and", kSeveral},
    {"bool_or", kSeveral},
    {"cos", kProcessor},
    {"count", kSeveral},
    {"count_star", kSeveral},
    {"current_date", kChanging},
    {"current_timestamp", kChanging},
    {"exp", kProcessor},
    {"first", kSeveral},
    {"last", kSeveral},
    {"ln", kProcessor},
    {"log", kProcessor},
    {"log10", kProcessor},
    {"log2", kProcessor},
    {"lower", kLetters},
    {"max", kSeveral},
    {"min", kSeveral},
    {"now", kChanging},
    {"nullif", kType},
    {"pow", kProcessor},
    {"power", kProcessor},
    {"random", kChanging},
    {"regexp_full_match", kPatterns},
    {"regexp_matches", kPatterns},
    {"regexp_replace", kPatterns},
    {"reverse", kOtherValue},
    {"sha256", kType},
    {"sin", kProcessor},
    {"stddev", kSeveral},
    {"string_agg", kSeveral},
    {"sum", kSeveral},
    {"tan", kProcessor},
    {"to_hex", kOtherValue},
    {"unnest", kOtherValue},
    {"upper", kLetters},
    {"uuid", kChanging},
    {"~", kPatterns},
});

static_assert(std::ranges::is_sorted(kAllowed, {}, &Allowed::name));
static_assert(std::ranges::is_sorted(kRefusals, {}, &RefusedFunction::name));

}  // namespace

BatchFunction FindBatchFunction(std::string_view name) {
  const std::string lower = ListedName(name);
  if (const auto* found = FindListed(kAllowed, lower)) {
    return {.is_allowed = true,
            .runs_as = found->runs_as,
            .gives = found->gives,
            .is_arithmetic = found->is_arithmetic};
  }
  const auto* refusal = FindListed(kRefusals, lower);
  return {.why = refusal != nullptr ? refusal->why : kNotListed};
}

}  // namespace weir::engine
