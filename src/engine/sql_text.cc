#include "engine/sql_text.h"

namespace weir::engine {
namespace {

std::string Between(std::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote) quoted += quote;
    quoted += c;
  }
  return quoted + quote;
}

}  // namespace

std::string Identifier(std::string_view name) { return Between(name, '"'); }

std::string Literal(std::string_view text) { return Between(text, '\''); }

}  // namespace weir::engine
