#include "slices/declared_columns.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <variant>

#include "slices/column_type.h"

namespace weir::slices {
namespace {

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n,") - first + 1);
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

// Takes " NOT NULL" or " NULL" off the end; true for the former.
bool TakeNotNull(std::string_view& text) {
  const std::string lower = Lower(text);
  if (!lower.ends_with(" null")) return false;
  text = Trimmed(text.substr(0, text.size() - 5));
  if (!lower.ends_with(" not null")) return false;
  text = Trimmed(text.substr(0, text.size() - 4));
  return true;
}

// The name in front, which may stand in double quotes or backticks.
std::string_view TakeName(std::string_view& text) {
  const char quote = text.empty() ? ' ' : text[0];
  const bool quoted = quote == '"' || quote == '`';
  const std::size_t end = quoted ? text.find(quote, 1) : text.find_first_of(" \t");
  if (end == std::string_view::npos) return {};
  const std::string_view name = quoted ? text.substr(1, end - 1) : text.substr(0, end);
  text = Trimmed(text.substr(end + 1));
  return name;
}

Result<odf::DataField> FieldFromDdl(const std::string& definition) {
  std::string_view rest = Trimmed(definition);
  const std::string_view name = TakeName(rest);
  const bool required = TakeNotNull(rest);
  if (name.empty() || rest.empty()) {
    return Invalid("the column definition '{}' is not a name and a type", definition);
  }
  ASSIGN_OR_RETURN(odf::DataType type, TypeFromSql(name, rest));
  if (!required) type = {odf::DataTypeOption{.inner = std::move(type)}};
  return odf::DataField{.name = std::string(name), .type = std::move(type)};
}

Status CheckNames(const std::vector<odf::DataField>& fields) {
  std::set<std::string> names;
  for (const odf::DataField& field : fields) {
    if (!names.insert(Lower(field.name)).second) {
      return Invalid("the read step declares the column {} twice", field.name)
          .WithHint("names that differ only in case are the same to the engine");
    }
  }
  return Ok();
}

}  // namespace

Result<std::optional<std::vector<odf::DataField>>> DeclaredColumns(const odf::ReadStep& read) {
  return std::visit(
      [](const auto& step) -> Result<std::optional<std::vector<odf::DataField>>> {
        const bool has_ddl = step.ddl_schema && !step.ddl_schema->empty();
        if (!has_ddl && !step.schema) return std::optional<std::vector<odf::DataField>>();
        if (has_ddl && step.schema) {
          return Invalid("the read step {} has both schema and ddlSchema", step.kKind);
        }
        std::vector<odf::DataField> fields;
        if (step.schema) {
          fields = step.schema->fields;
        } else {
          for (const std::string& definition : *step.ddl_schema) {
            ASSIGN_OR_RETURN(odf::DataField field, FieldFromDdl(definition));
            fields.push_back(std::move(field));
          }
        }
        RETURN_IF_ERROR(CheckNames(fields));
        return std::optional(std::move(fields));
      },
      read.value);
}

}  // namespace weir::slices
