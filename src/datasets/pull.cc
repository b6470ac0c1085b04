#include "datasets/adopt.h"
#include "datasets/adoption.h"
#include "datasets/pins.h"
#include "datasets/pulled_slices.h"
#include "datasets/side_by_side.h"
#include "datasets/split_store.h"
#include "datasets/transfer.h"
#include "datasets/transfer_progress.h"

namespace weir::datasets {
namespace {

class PullRun {
 public:
  PullRun(const Context& context, ChainStore& chains, const Repository& from,
          const TransferOptions& options)
      : context_(context), chains_(chains), from_(from), options_(options), progress_(options) {}

  Result<Pulled> Run(const std::optional<odf::DatasetId>& expected) {
    ASSIGN_OR_RETURN(const auto head, from_.Head(context_));
    if (!head) return NotFound("{} holds no dataset: it has no refs/head", from_.ToString());
    pulled_.head = *head;
    if (expected) {
      pulled_.id = *expected;
      RETURN_IF_ERROR(ReadOurs());
    }
    RETURN_IF_ERROR(Walk());
    if (!expected) {
      pulled_.id = seed_.dataset_id;
      RETURN_IF_ERROR(ReadOurs());
      RETURN_IF_ERROR(LeaveOutOurs());
    }
    if (options_.may_take) RETURN_IF_ERROR(options_.may_take(pulled_.id));
    ASSIGN_OR_RETURN(const auto pin,
                     Pin::Take(context_, chains_.store(), pulled_.id, options_.clock.Now()));
    if (pulled_.is_new && seed_.dataset_kind == odf::DatasetKind::kDerivative) {
      RETURN_IF_ERROR(NoteDerivative(context_, chains_.store(), pulled_.id));
    }
    RETURN_IF_ERROR(Join());
    pulled_.transferred = progress_.so_far();
    return std::move(pulled_);
  }

 private:
  // Whether our chain has that block.
  Result<bool> IsOurs(const Multihash& hash) {
    if (pulled_.is_new || !has_read_ours_) return false;
    const auto row = chains_.FindBlock(context_, pulled_.id, hash);
    if (!row && row.error().code != ErrorCode::kNotFound) return row.error();
    return bool(row);
  }

  Status ReadOurs() {
    auto record = chains_.Read(context_, pulled_.id);
    has_read_ours_ = true;
    pulled_.is_new = !record && record.error().code == ErrorCode::kNotFound;
    if (!record && !pulled_.is_new) return record.error();
    if (record) ours_ = *std::move(record);
    return Ok();
  }

  Status Walk() {
    const auto is_ours = [&](const Multihash& hash) { return IsOurs(hash); };
    auto found = WalkBack(context_, from_, pulled_.head, is_ours);
    if (!found) return Status(Named(found.error()));
    found_ = *std::move(found);
    return found_.stands_on ? Ok() : CheckSeed();
  }

  Status CheckSeed() {
    ASSIGN_OR_RETURN(const FoundBlock first, DecodeFound(context_, from_, found_.links.front()));
    const auto* seed = std::get_if<odf::Seed>(&first.block.event.value);
    if (seed == nullptr) return Corrupt("the chain of {} begins with no Seed", from_.ToString());
    seed_ = *seed;
    if (!has_read_ours_ || seed_.dataset_id == pulled_.id) return Ok();
    return Conflict("{} holds dataset {}, not {}", from_.ToString(), seed_.dataset_id.ToString(),
                    pulled_.id.ToString());
  }

  // Of a chain that was walked to its beginning: the part that we have too.
  Status LeaveOutOurs() {
    std::size_t common = 0;
    while (common < found_.links.size()) {
      ASSIGN_OR_RETURN(const bool is_ours, IsOurs(found_.links[common].hash));
      if (!is_ours) break;
      found_.stands_on = found_.links[common++].hash;
    }
    const auto begin = found_.links.begin();
    found_.links.erase(begin, begin + static_cast<std::ptrdiff_t>(common));
    return Ok();
  }

  Status Join() {
    const std::optional<Multihash> our_head = ours_.chain.head;
    const bool is_behind = found_.links.empty();
    const bool replaces = options_.if_diverged == IfDiverged::kReplace;
    if (pulled_.head == our_head || (is_behind && !replaces)) return Ok();
    const bool has_diverged = found_.stands_on != our_head;
    if (has_diverged && !replaces) return Diverged(*our_head);
    if (has_diverged) return Replace();
    RETURN_IF_ERROR(Fetch());
    // A chain that was being replaced may have lost its head, and left rows that nobody sees.
    if (pulled_.is_new) RETURN_IF_ERROR(ForgetIndex(context_, chains_.store(), pulled_.id));
    Adoption adoption(context_, chains_, pulled_.id, ours_);
    if (const Status adopted = adoption.Adopt(found_.links); !adopted) {
      return Status(Named(adopted.error()));
    }
    pulled_.warnings = adoption.TakeWarnings();
    return chains_.PublishHead(context_, pulled_.id);
  }

  Status Replace() {
    const auto none_is_known = [](const Multihash&) -> Result<bool> { return false; };
    ASSIGN_OR_RETURN(found_, WalkBack(context_, from_, pulled_.head, none_is_known));
    RETURN_IF_ERROR(CheckSeed());
    RETURN_IF_ERROR(Fetch());
    RETURN_IF_ERROR(CheckAll());
    const auto replaced = ReplaceChain(context_, chains_, pulled_.id, found_);
    return replaced ? Ok() : Status(replaced.error());
  }

  // Judges the whole chain before ours is given up for it; its slices were checked as they came.
  Status CheckAll() {
    const Repository repository = chains_.RepositoryOf(pulled_.id);
    odf::ChainState chain;
    for (const FoundLink& link : found_.links) {
      ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context_, repository, link));
      RETURN_IF_ERROR(odf::AppendToChain(chain, link.hash, block.block, odf::Strictness::kForeign,
                                         &pulled_.warnings));
    }
    return Ok();
  }

  // Brings objects, then blocks, into our repository, where nothing leads to them yet.
  Status Fetch() {
    const Repository to = chains_.RepositoryOf(pulled_.id);
    PulledSlices slices(context_, to);
    std::vector<ObjectToCopy> objects;
    odf::SetVocab vocab = found_.stands_on ? ours_.chain.vocab : odf::SetVocab{};
    for (FoundLink& link : found_.links) {
      ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context_, from_, link));
      if (const auto* set = std::get_if<odf::SetVocab>(&block.block.event.value)) vocab = *set;
      AddObjectsOf(block.block.event, objects);
      slices.Expect(link, block, vocab);
    }
    progress_.Expect(objects);
    CopyOptions options = progress_.ForObjects(Present::kByHash);
    options.then = [&](std::span<const ObjectToCopy> came) { return slices.Check(came); };
    RETURN_IF_ERROR(Missing(CopyObjects(context_, from_, to, std::move(objects), options)));
    return SideBySide(found_.links.size(), UsualThreads(), [&](std::size_t i) -> Status {
      const FoundLink& link = found_.links[i];
      if (!to.Block(context_, link.hash)) {
        ASSIGN_OR_RETURN(const FoundBlock block, DecodeFound(context_, from_, link));
        RETURN_IF_ERROR(to.PutBlock(context_, link.hash, block.bytes));
      }
      progress_.AddBlocks(1);
      return Ok();
    });
  }

  Error Diverged(const Multihash& ours) const {
    return Conflict("our head {} is not among the blocks of {}, whose head is {}", ours.ToText(),
                    from_.ToString(), pulled_.head.ToText())
        .WithHint("--force gives our chain up for theirs");
  }

  Error Named(const Error& error) const {
    return Missing(Error{error.code, from_.ToString() + ": " + error.message, error.hint});
  }

  // An object that blocks lead to and that is not there is damage.
  static Error Missing(Error error) {
    if (error.code == ErrorCode::kNotFound) error.code = ErrorCode::kCorrupt;
    return error;
  }
  static Status Missing(Status status) {
    return status ? Ok() : Status(Missing(std::move(status).error()));
  }

  const Context& context_;
  ChainStore& chains_;
  const Repository& from_;
  const TransferOptions& options_;
  TransferProgress progress_;
  Pulled pulled_;
  ChainRecord ours_;
  bool has_read_ours_ = false;
  FoundChain found_;
  odf::Seed seed_;
};

}  // namespace

Result<Pulled> Pull(const Context& context, ChainStore& chains, const Repository& from,
                    const std::optional<odf::DatasetId>& expected, const TransferOptions& options) {
  return PullRun(context, chains, from, options).Run(expected);
}

}  // namespace weir::datasets
