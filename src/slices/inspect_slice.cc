#include "slices/inspect_slice.h"

#include <arrow/type.h>

#include <algorithm>
#include <boost/json.hpp>
#include <future>

#include "base/exception_error.h"
#include "slices/physical_hash.h"
#include "slices/slice_contents.h"

namespace weir::slices {
namespace {

Result<SliceInspection> Inspect(const Context& context,
                                const std::shared_ptr<const ReadableFile>& file) {
  auto hashing = std::async(std::launch::async, [&] {
    return std::move(PhysicalHashes(context, {&file, 1})[0]);
  });
  const auto read = [&]() -> Result<SliceContents> {
    ASSIGN_OR_RETURN(const auto reader, SliceReader::Open(context, file));
    return ReadContents(*reader, {});
  };
  auto contents = read();
  ASSIGN_OR_RETURN(const Multihash physical_hash, hashing.get());
  if (!contents) return std::move(contents).error();
  return SliceInspection{.logical_hash = contents->logical_hash,
                         .physical_hash = physical_hash,
                         .records = contents->facts.rows,
                         .size = file->size(),
                         .schema = contents->schema};
}

}  // namespace

Result<SliceInspection> InspectSlice(const Context& context,
                                     std::shared_ptr<const ReadableFile> file) {
  return NoExceptions("inspect a slice", [&] { return Inspect(context, file); });
}

boost::json::object ToJson(const SliceInspection& inspection) {
  return {{"logicalHash", inspection.logical_hash.ToText()},
          {"physicalHash", inspection.physical_hash.ToText()},
          {"records", inspection.records},
          {"size", inspection.size}};
}

std::string SchemaText(const SliceInspection& inspection) {
  std::size_t width = 0;
  for (const auto& field : inspection.schema->fields()) {
    width = std::max(width, field->name().size());
  }
  std::string text;
  for (const auto& field : inspection.schema->fields()) {
    text += fmt::format("{:<{}}  {}{}\n", field->name(), width, field->type()->ToString(),
                        field->nullable() ? ", may be null" : "");
  }
  return text;
}

}  // namespace weir::slices
