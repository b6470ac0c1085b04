#include "resources/record.h"
#include "resources/resource_service.h"

namespace weir::resources {
namespace {

constexpr std::size_t kPage = 1000;

// Moves a resource to another name in one transaction: what needs it goes on needing it.
class Renaming {
 public:
  Renaming(control::Transaction& transaction, const Kind& kind, ResourceId from, ResourceId to,
           std::string principal, Timestamp now)
      : transaction_(transaction),
        kind_(kind),
        from_(std::move(from)),
        to_(std::move(to)),
        principal_(std::move(principal)),
        now_(now) {}

  Result<std::vector<Change>> Run() {
    ASSIGN_OR_RETURN(const Resource before, Head());
    ASSIGN_OR_RETURN(Resource after, MakeAfter(before));
    RETURN_IF_ERROR(Write(before, after));
    RETURN_IF_ERROR(MoveDependents());
    RETURN_IF_ERROR(kind_.OnRename(transaction_, before, after));
    return std::vector<Change>{{.id = from_,
                                .api_version = before.header.api_version,
                                .outcome = Outcome::kDeleted,
                                .version = before.version + 1},
                               {.id = to_,
                                .api_version = after.header.api_version,
                                .outcome = Outcome::kCreated,
                                .version = after.version}};
  }

 private:
  Result<Resource> Head() {
    ASSIGN_OR_RETURN(const auto entry, transaction_.Get(HeadKey(from_)));
    if (!entry) return NotFound("there is no {}", from_.ToString());
    ASSIGN_OR_RETURN(Resource head, DecodeRecord(from_, entry->value, entry->revision));
    if (head.managed_by) {
      return Conflict("{} belongs to {}", from_.ToString(), head.managed_by->ToString())
          .WithHint("change it there");
    }
    ASSIGN_OR_RETURN(const auto taken, transaction_.Get(HeadKey(to_)));
    if (taken) return AlreadyExists("{} is there already", to_.ToString());
    return head;
  }

  Result<Resource> MakeAfter(const Resource& before) {
    Resource after = before;
    after.id = to_;
    after.applied_at = now_;
    after.applied_by = principal_;
    ASSIGN_OR_RETURN(const auto gone, transaction_.Get(GoneKey(to_)));
    after.version = DeletionIn(gone) + 1;
    after.generation = after.version;
    return after;
  }

  Status Write(const Resource& before, const Resource& after) {
    RETURN_IF_ERROR(PutDeletion(transaction_, before, principal_, now_));
    for (const ResourceId& need : before.needs) {
      RETURN_IF_ERROR(transaction_.Delete(NeededByKey(need, from_)));
      RETURN_IF_ERROR(transaction_.Put(NeededByKey(need, to_), ""));
    }
    RETURN_IF_ERROR(transaction_.Delete(GoneKey(to_)));
    return transaction_.Put(HeadKey(to_), EncodeRecord(after), control::Expect::Absent());
  }

  Status MoveDependents() {
    for (bool more = true; more;) {
      ASSIGN_OR_RETURN(const auto entries, transaction_.Scan(NeededByKey(from_), {.limit = kPage}));
      for (const control::Entry& entry : entries) {
        ASSIGN_OR_RETURN(const ResourceId dependent, ParseNeededByKey(entry.key));
        RETURN_IF_ERROR(MoveDependent(dependent));
        RETURN_IF_ERROR(transaction_.Delete(entry.key));
      }
      more = entries.size() == kPage;
    }
    return Ok();
  }

  Status MoveDependent(const ResourceId& id) {
    ASSIGN_OR_RETURN(const auto entry, transaction_.Get(HeadKey(id)));
    if (!entry) return Ok();
    ASSIGN_OR_RETURN(Resource dependent, DecodeRecord(id, entry->value, entry->revision));
    for (ResourceId& need : dependent.needs) {
      if (need == from_) need = to_;
    }
    RETURN_IF_ERROR(transaction_.Put(NeededByKey(to_, id), ""));
    return transaction_.Put(HeadKey(id), EncodeRecord(dependent));
  }

  control::Transaction& transaction_;
  const Kind& kind_;
  const ResourceId from_;
  const ResourceId to_;
  const std::string principal_;
  const Timestamp now_;
};

}  // namespace

Result<ApplyAnswer> ResourceService::Rename(const Context& context, const ResourceId& id,
                                            const std::string& name) {
  ASSIGN_OR_RETURN(const Kind* const kind, registry_.Get(id.type));
  const NameRule& rule = kind->info().name_rule;
  if (!rule.Allows(name)) {
    return Invalid("{} is no name for a {}", name.substr(0, 64), id.type).WithHint(rule.ToString());
  }
  ResourceId to = id;
  to.name = name;
  if (to == id) return Invalid("that is its name");
  ApplyAnswer answer;
  const auto body = [&](control::Transaction& transaction) -> Status {
    Renaming renaming(transaction, *kind, id, to, context.principal().name, clock_.Now());
    ASSIGN_OR_RETURN(answer.changes, renaming.Run());
    return Ok();
  };
  ASSIGN_OR_RETURN(answer.revision, store_.Transact(context, body));
  return answer;
}

}  // namespace weir::resources
