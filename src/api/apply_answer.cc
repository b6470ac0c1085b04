#include "api/apply_answer.h"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace weir::api {

boost::json::object ToJson(const resources::ApplyAnswer& answer) {
  boost::json::array changes;
  changes.reserve(answer.changes.size());
  for (const resources::Change& change : answer.changes) {
    changes.push_back(resources::ToJson(change));
  }
  return {
      {"changes", std::move(changes)}, {"revision", answer.revision}, {"dryRun", answer.dry_run}};
}

}  // namespace weir::api
