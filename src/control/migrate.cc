#include "control/migrate.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "control/sqlite_store.h"

namespace weir::control {
namespace {

constexpr std::size_t kRows = 128;  // of up to 1 MiB each
constexpr std::size_t kCommits = 1024;
constexpr std::int64_t kCommitBytes = 4 << 20;

// One table of a store, read in pages: where the last one ended, and how to get the next.
struct EntryPages {
  std::optional<Key> after = {};
  Result<std::vector<Entry>> Next(View& view) {
    ASSIGN_OR_RETURN(auto page, view.ReadEntries(after, kRows));
    if (!page.empty()) after = page.back().key;
    return page;
  }
};

struct CommitPages {
  Revision after = 0;
  Result<std::vector<CommitPtr>> Next(View& view) {
    ASSIGN_OR_RETURN(auto page, ReadLog(view, after, kCommits, kCommitBytes));
    if (!page.empty()) after = page.back()->revision;
    return page;
  }
};

struct EventPages {
  std::int64_t after = 0;
  Result<std::vector<StoredEvent>> Next(View& view) {
    ASSIGN_OR_RETURN(auto page, view.ReadEvents(std::nullopt, after, kRows));
    if (!page.empty()) after = page.back().position;
    return page;
  }
};

bool IsSame(const Entry& a, const Entry& b) {
  return a.key == b.key && a.value == b.value && a.revision == b.revision;
}

bool IsSame(const Change& a, const Change& b) {
  if (a.key != b.key || !a.value != !b.value) return false;
  return !a.value || *a.value == *b.value;
}

bool IsSame(const CommitPtr& a, const CommitPtr& b) {
  return a->revision == b->revision && a->time == b->time &&
         std::equal(a->changes.begin(), a->changes.end(), b->changes.begin(), b->changes.end(),
                    [](const Change& x, const Change& y) { return IsSame(x, y); });
}

bool IsSame(const StoredEvent& a, const StoredEvent& b) {
  return a.position == b.position && a.revision == b.revision && a.time == b.time &&
         a.topic == b.topic && a.payload == b.payload;
}

Status CheckEmpty(View& to) {
  ASSIGN_OR_RETURN(const auto entries, to.ReadEntries(std::nullopt, 1));
  if (to.state() == StoreState{} && entries.empty()) return Ok();
  return AlreadyExists("the target of the migration holds a control store at revision {}",
                       to.state().revision)
      .WithHint("Give an empty schema or database");
}

// Each table in pages: `put` says where in a write the rows of a page go.
template <typename Pages, typename Put>
Result<std::int64_t> Copy(const Context& context, View& from, WriteSession& to, Put put) {
  std::int64_t rows = 0;
  for (Pages pages;;) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(auto page, pages.Next(from));
    if (page.empty()) return rows;
    rows += static_cast<std::int64_t>(page.size());
    BatchWrites writes;
    writes.state = from.state();
    put(writes, std::move(page));
    RETURN_IF_ERROR(to.Write(writes));
  }
}

// Both read the same rows in the same pages, to the end.
template <typename Pages>
Status Verify(const Context& context, View& from, View& to) {
  Pages wanted;
  Pages found;
  while (true) {
    RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const auto a, wanted.Next(from));
    ASSIGN_OR_RETURN(const auto b, found.Next(to));
    const bool same = std::equal(a.begin(), a.end(), b.begin(), b.end(),
                                 [](const auto& x, const auto& y) { return IsSame(x, y); });
    if (!same) return Corrupt("what the target gives back is not what was copied to it");
    if (a.empty()) return Ok();
  }
}

}  // namespace

Result<Migration> Migrate(const Context& context, Backend& from, Backend& to) {
  ASSIGN_OR_RETURN(const auto source, from.OpenView(context));
  ASSIGN_OR_RETURN(const auto target, to.BeginWrite());
  RETURN_IF_ERROR(CheckEmpty(*target));
  Migration done{.revision = source->revision()};
  ASSIGN_OR_RETURN(
      done.entries, Copy<EntryPages>(context, *source, *target, [](auto& writes, auto page) {
        for (Entry& entry : page) {
          auto value = std::make_shared<const std::string>(std::move(entry.value));
          writes.entries.push_back({std::move(entry.key), std::move(value), entry.revision});
        }
      }));
  ASSIGN_OR_RETURN(done.commits,
                   Copy<CommitPages>(context, *source, *target, [](auto& writes, auto page) {
                     writes.commits = std::move(page);
                   }));
  ASSIGN_OR_RETURN(done.events,
                   Copy<EventPages>(context, *source, *target, [](auto& writes, auto page) {
                     writes.events = std::move(page);
                   }));
  BatchWrites last;  // a store may have a revision and nothing else
  last.state = source->state();
  RETURN_IF_ERROR(target->Write(last));
  RETURN_IF_ERROR(Verify<EntryPages>(context, *source, *target));
  RETURN_IF_ERROR(Verify<CommitPages>(context, *source, *target));
  RETURN_IF_ERROR(Verify<EventPages>(context, *source, *target));
  RETURN_IF_ERROR(target->Commit());
  return done;
}

Result<Migration> MigrateToPostgres(const Context& context, const std::filesystem::path& from,
                                    const PostgresBackend::Options& to) {
  // Opening a file that is not there would make one.
  std::error_code ignored;
  if (!std::filesystem::exists(from, ignored)) return NotFound("{}", from.native());
  ASSIGN_OR_RETURN(const auto source, OpenSqliteBackend(from, {}));
  ASSIGN_OR_RETURN(const auto target, PostgresBackend::Open(to));
  return Migrate(context, *source, *target);
}

}  // namespace weir::control
