#include "engine/duckdb/query_error.h"

namespace weir::engine {

Error InQuery(Error error) {
  if (const auto place = error.message.find("LINE "); place != std::string::npos) {
    error.message.resize(place);
    const auto end = error.message.find_last_not_of(" \n");
    error.message.resize(end == std::string::npos ? 0 : end + 1);
  }
  error.message = "the query: " + error.message;
  return error;
}

}  // namespace weir::engine
