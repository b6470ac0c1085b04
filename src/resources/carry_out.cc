#include <algorithm>
#include <string>

#include "resources/plan.h"
#include "resources/record.h"
#include "resources/removal.h"

namespace weir::resources {
namespace {

Error Raced(const std::string& what) {
  return Conflict("{} was changed by somebody else meanwhile", what).WithHint("apply again");
}

// Everything the plan read, written or not, must be as it was: then the plan is still right.
Status CheckReads(control::Transaction& transaction, const Plan& plan, bool& raced) {
  for (const Plan::Read& read : plan.reads) {
    ASSIGN_OR_RETURN(const auto entry, transaction.Get(read.key));
    const auto revision = entry ? std::optional<control::Revision>(entry->revision) : std::nullopt;
    if (revision != read.revision) {
      raced = true;
      return Raced(read.key.ToString());
    }
  }
  return Ok();
}

bool Has(const std::vector<ResourceId>& ids, const ResourceId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

Status IndexNeeds(control::Transaction& transaction, const Plan::Write& write) {
  const ResourceId& id = write.now.id;
  static const std::vector<ResourceId> none;
  const auto& before = write.before ? write.before->needs : none;
  for (const ResourceId& need : before) {
    if (Has(write.now.needs, need)) continue;
    RETURN_IF_ERROR(transaction.Delete(NeededByKey(need, id)));
  }
  for (const ResourceId& need : write.now.needs) {
    if (Has(before, need)) continue;
    RETURN_IF_ERROR(transaction.Put(NeededByKey(need, id), ""));
  }
  return Ok();
}

Status WriteOne(control::Transaction& transaction, const Plan::Write& write) {
  const ResourceId& id = write.now.id;
  if (write.before) {
    RETURN_IF_ERROR(transaction.Put(PastKey(id, write.before->version), write.before_value));
  }
  RETURN_IF_ERROR(transaction.Put(HeadKey(id), write.value));
  if (write.was_gone) RETURN_IF_ERROR(transaction.Delete(GoneKey(id)));
  RETURN_IF_ERROR(IndexNeeds(transaction, write));
  return write.kind->OnApply(transaction, write.before ? &*write.before : nullptr, write.now);
}

}  // namespace

Status CarryOut(control::Transaction& transaction, const KindRegistry& registry, const Plan& plan,
                const PlanOptions& options, std::vector<Change>& removed, bool& raced) {
  raced = false;
  removed.clear();
  RETURN_IF_ERROR(CheckReads(transaction, plan, raced));
  for (const Plan::Write& write : plan.writes) RETURN_IF_ERROR(WriteOne(transaction, write));
  if (plan.removals.empty()) return Ok();
  const Removal removal{.ids = plan.removals,
                        .dependents = DeleteRequest::Dependents::kRefuse,
                        .of_owner = true,
                        .principal = options.principal,
                        .now = options.now};
  ASSIGN_OR_RETURN(removed, Remove(transaction, registry, removal));
  return Ok();
}

}  // namespace weir::resources
