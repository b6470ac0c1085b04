#pragma once

#include <random>
#include <string>

namespace weir::pipelines {

/// Any query that a transform may have over relations `a`, `b` and `c`, each with columns k INT,
/// g STRING and v DOUBLE; its result has them too. The same seed gives the same query.
class RandomQuery {
 public:
  explicit RandomQuery(std::uint32_t seed) : random_(seed) {}

  std::string Make();

 private:
  std::string Query(int depth);
  std::string Source(int depth);  ///< something for a FROM, without an alias
  std::string Where(const std::string& of);
  std::string Join(int depth);
  std::string Grouped(int depth);
  std::string SetOperation(int depth);
  unsigned Roll(unsigned sides) { return static_cast<unsigned>(random_() % sides); }

  std::mt19937 random_;
};

}  // namespace weir::pipelines
