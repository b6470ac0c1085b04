#pragma once

#include <vector>

#include "base/result.h"
#include "odf/chain.h"
#include "odf/events.h"

namespace weir::datasets {

/// kInvalid unless a manifest may declare `event` for a dataset of `kind` (spec section 7, rule 9):
/// blocks with data and the Seed are never declared, sources belong to roots, transforms to
/// derivatives. The columns that a source declares have names and types; kUnimplemented for a type
/// that no dataset here can have.
Status CheckDeclarable(odf::DatasetKind kind, const odf::MetadataEvent& event);

/// What of a chain is declared, in a fixed order: as a manifest would say it.
std::vector<odf::MetadataEvent> DeclaredBy(const odf::ChainState& chain);

/// The events that bring `chain` to what is declared, the inverse ones first; none when it is there
/// already. A schema that is not declared stays as it is. Transforms have been normalised, and name
/// their inputs by id. kInvalid says what a chain cannot express: that something is declared twice,
/// or cannot be taken back.
Result<std::vector<odf::MetadataEvent>> EventsToReach(
    const odf::ChainState& chain, const std::vector<odf::MetadataEvent>& declared);

}  // namespace weir::datasets
