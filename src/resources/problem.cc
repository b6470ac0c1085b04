#include "resources/problem.h"

#include <fmt/format.h>

#include "base/check.h"

namespace weir::resources {
namespace {

constexpr std::size_t kKept = 100;

}  // namespace

std::string Place::ToString() const {
  if (line == 0) return source;
  return fmt::format("{}:{}:{}", source, line, column);
}

std::string Problem::ToString() const {
  const std::string where = place.ToString();
  return fmt::format("{}{}{}{}", where, where.empty() ? "" : ": ", message,
                     hint.empty() ? "" : fmt::format(" ({})", hint));
}

void Problems::Add(Problem problem) {
  ++total_;
  if (items_.size() < kKept) items_.push_back(std::move(problem));
}

void Problems::Add(Place place, std::string message, std::string hint) {
  Add({.place = std::move(place), .message = std::move(message), .hint = std::move(hint)});
}

Error Problems::AsError() const {
  WEIR_CHECK(!empty());
  const Problem& first = items_.front();
  const std::string where = first.place.ToString();
  std::string message = where.empty() ? first.message : where + ": " + first.message;
  if (total_ > 1) message += fmt::format(" (and {} more)", total_ - 1);
  return {first.code, std::move(message), first.hint};
}

}  // namespace weir::resources
