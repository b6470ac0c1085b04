#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"

namespace weir::cli {

struct Candidate {
  std::string text;
  std::string sentence = {};
};

/// What could stand where the cursor is.
struct Completion {
  Completes what = Completes::kNothing;  ///< beside the candidates: files, kinds, names
  std::vector<Candidate> candidates = {};
  std::string prefix = {};  ///< what is typed already and stays: "--output="
  std::string typed = {};   ///< what the candidates go on from
  std::string kind = {};    ///< of kNames: the kind named before
};

/// What `words` (without the program's name) can go on with; the last one is being typed and may be
/// empty. Pure: kinds and names are looked up by the caller.
Completion Complete(const Command& root, std::span<const std::string> words);

}  // namespace weir::cli
