#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace weir::resources {

/// Where something was written: `secrets.yaml:3:7`, and which key of the manifest it is. Lines and
/// columns count from 1; 0 when the text is not known (a manifest rolled back to, for instance).
struct Place {
  std::string source = {};
  int line = 0;
  int column = 0;
  std::string path = {};  ///< bundle.resources[0].id; empty for the whole document

  std::string ToString() const;  ///< source:line:column, as far as known

  bool operator==(const Place&) const = default;
};

/// One thing that is wrong with what was given. The message names the offending key and never shows
/// a value that may be secret; the hint says the nearest valid one.
struct Problem {
  Place place;
  std::string message;
  std::string hint = {};
  ErrorCode code = ErrorCode::kInvalid;

  std::string ToString() const;  ///< source:line:column: message (hint)

  bool operator==(const Problem&) const = default;
};

/// What is wrong with a set of manifests, all of it at once, so that one run shows every mistake.
/// Keeps the first hundred. One thread.
class Problems {
 public:
  void Add(Problem problem);
  void Add(Place place, std::string message, std::string hint = {});

  bool empty() const { return total_ == 0; }
  std::size_t total() const { return total_; }  ///< kept or not
  const std::vector<Problem>& items() const { return items_; }

  /// The first problem with its place as an Error, and how many more there are. Not for an empty
  /// list.
  Error AsError() const;

 private:
  std::vector<Problem> items_;
  std::size_t total_ = 0;
};

}  // namespace weir::resources
