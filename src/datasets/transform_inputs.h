#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/store.h"
#include "odf/events.h"

namespace weir::datasets {

/// A dataset as a manifest of `workspace` names it: `name` or `workspace/name`.
struct NamedInput {
  std::string workspace;
  std::string name;
};

/// The inputs of the declared transforms that are named and not given by their ids. kInvalid for a
/// reference that is neither.
Result<std::vector<NamedInput>> NamedInputs(const std::vector<odf::MetadataEvent>& declared,
                                            std::string_view workspace);

/// What becomes of an input that is not there.
enum class MissingInput {
  kRefuse,
  kKeepName,  ///< it may come with the same apply
};

/// Normalises what is declared as blocks hold it: queries as steps, inputs by id, an input's name
/// as its alias. kNotFound for an input that is missing and refused.
Result<std::vector<odf::MetadataEvent>> AsBlocksHold(control::Snapshot& snapshot,
                                                     std::vector<odf::MetadataEvent> declared,
                                                     std::string_view workspace,
                                                     MissingInput missing);

/// The other way for people: inputs of this home by their names.
Result<std::vector<odf::MetadataEvent>> AsPeopleSay(control::Snapshot& snapshot,
                                                    std::vector<odf::MetadataEvent> events,
                                                    std::string_view workspace);

}  // namespace weir::datasets
