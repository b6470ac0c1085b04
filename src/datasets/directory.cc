#include "datasets/directory.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "base/exception_error.h"
#include "base/json_reader.h"
#include "datasets/json_values.h"
#include "datasets/keys.h"

namespace weir::datasets {
namespace {

namespace json = boost::json;

std::string Encode(const DatasetEntry& entry) {
  return json::serialize(json::object{{"workspace", entry.workspace},
                                      {"name", entry.name},
                                      {"microseconds", entry.keeps_microseconds}});
}

Result<DatasetEntry> Decode(const odf::DatasetId& id, std::string_view value) {
  try {
    const json::object object = Must(ParseJson(value)).as_object();
    return DatasetEntry{.id = id,
                        .workspace = std::string(TextAt(object.at("workspace"))),
                        .name = std::string(TextAt(object.at("name"))),
                        .keeps_microseconds = object.at("microseconds").as_bool()};
  } catch (const std::exception& failure) {
    return Corrupt("the entry of dataset {}: {}", id.ToString(), failure.what());
  }
}

Result<std::optional<DatasetEntry>> Lookup(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(EntryKey(id)));
  if (!entry) return std::optional<DatasetEntry>();
  ASSIGN_OR_RETURN(DatasetEntry found, Decode(id, entry->value));
  return std::optional(std::move(found));
}

}  // namespace

std::string FoldName(std::string_view name) {
  std::string folded(name);
  for (char& c : folded) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return folded;
}

Result<DatasetEntry> FindDataset(control::Snapshot& snapshot, std::string_view workspace,
                                 std::string_view name) {
  ASSIGN_OR_RETURN(const auto entry, snapshot.Get(NameKey(workspace, FoldName(name))));
  if (!entry) return NotFound("there is no dataset {} in workspace {}", name, workspace);
  ASSIGN_OR_RETURN(const odf::DatasetId id, odf::DatasetId::Parse(entry->value));
  return FindDataset(snapshot, id);
}

Result<DatasetEntry> FindDataset(control::Snapshot& snapshot, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(auto found, Lookup(snapshot, id));
  if (!found) return NotFound("there is no dataset {}", id.ToString());
  return *std::move(found);
}

Result<std::vector<DatasetEntry>> ListDatasets(control::Snapshot& snapshot,
                                               std::string_view workspace,
                                               std::optional<std::string> after,
                                               std::size_t limit) {
  control::ScanOptions page{.limit = limit};
  if (after) page.after = NameKey(workspace, FoldName(*after));
  ASSIGN_OR_RETURN(const auto names, snapshot.Scan(NamesKey(workspace), page));
  std::vector<DatasetEntry> entries;
  for (const control::Entry& name : names) {
    ASSIGN_OR_RETURN(const odf::DatasetId id, odf::DatasetId::Parse(name.value));
    ASSIGN_OR_RETURN(DatasetEntry entry, FindDataset(snapshot, id));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<std::vector<DatasetEntry>> ListDatasets(control::Snapshot& snapshot,
                                               const std::optional<odf::DatasetId>& after,
                                               std::size_t limit) {
  control::ScanOptions page{.limit = limit};
  if (after) page.after = EntryKey(*after);
  ASSIGN_OR_RETURN(const auto found, snapshot.Scan(EntriesKey(), page));
  std::vector<DatasetEntry> entries;
  for (const control::Entry& entry : found) {
    ASSIGN_OR_RETURN(const odf::DatasetId id, IdIn(entry.key));
    ASSIGN_OR_RETURN(DatasetEntry decoded, Decode(id, entry.value));
    entries.push_back(std::move(decoded));
  }
  return entries;
}

Result<bool> HasDatasets(control::Snapshot& snapshot, std::string_view workspace) {
  ASSIGN_OR_RETURN(const auto names, snapshot.Scan(NamesKey(workspace), {.limit = 1}));
  return !names.empty();
}

Status PutDataset(control::Transaction& transaction, const DatasetEntry& entry) {
  const control::Key name = NameKey(entry.workspace, FoldName(entry.name));
  ASSIGN_OR_RETURN(const auto holder, transaction.Get(name));
  if (holder && holder->value != entry.id.ToString()) {
    ASSIGN_OR_RETURN(const odf::DatasetId other_id, odf::DatasetId::Parse(holder->value));
    ASSIGN_OR_RETURN(const DatasetEntry other, FindDataset(transaction, other_id));
    return AlreadyExists("workspace {} has a dataset {} already, {}", other.workspace, other.name,
                         other.id.ToString());
  }
  ASSIGN_OR_RETURN(const auto before, Lookup(transaction, entry.id));
  if (before) {
    RETURN_IF_ERROR(transaction.Delete(NameKey(before->workspace, FoldName(before->name))));
  }
  RETURN_IF_ERROR(transaction.Put(name, entry.id.ToString()));
  return transaction.Put(EntryKey(entry.id), Encode(entry));
}

Status RemoveDataset(control::Transaction& transaction, const odf::DatasetId& id) {
  ASSIGN_OR_RETURN(const DatasetEntry entry, FindDataset(transaction, id));
  RETURN_IF_ERROR(transaction.Delete(NameKey(entry.workspace, FoldName(entry.name))));
  return transaction.Delete(EntryKey(id));
}

}  // namespace weir::datasets
