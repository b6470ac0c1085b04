#include "pipelines/derive/shown_columns.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "datasets/columns_set.h"
#include "datasets/state_rule.h"
#include "odf/codec.h"

namespace weir::pipelines {
namespace {

using datasets::BlockRow;

// The first step after the newest block, of those up to number `last`, that sets columns, if it
// came by then.
Result<std::optional<BlockRow>> FirstStep(const Context& context, datasets::ChainStore& chains,
                                          const odf::DatasetId& id, std::uint64_t last) {
  ASSIGN_OR_RETURN(const auto snapshot, chains.store().Read(context));
  ASSIGN_OR_RETURN(const auto set, datasets::LastColumnsSet(*snapshot, id, last));
  datasets::RowPage page{.after = set, .limit = 16};
  for (;;) {
    ASSIGN_OR_RETURN(const auto blocks, chains.Blocks(context, id, page));
    for (const BlockRow& block : blocks) {
      if (block.sequence_number > last) return std::optional<BlockRow>();
      if (block.event == odf::ExecuteTransform::kKind) return std::optional(block);
    }
    if (blocks.size() < page.limit) return std::optional<BlockRow>();
    page.after = blocks.back().sequence_number;
  }
}

// The schema of an input at a block of it.
Result<std::optional<odf::DataSchema>> SchemaAt(const Context& context,
                                                datasets::ChainStore& chains,
                                                const odf::DatasetId& input,
                                                const Multihash& hash) {
  const auto block = chains.FindBlock(context, input, hash);
  if (!block && block.error().code == ErrorCode::kNotFound) {
    return Conflict("dataset {} has no block {} any more, which the derivative read first",
                    input.ToString(), hash.ToText())
        .WithHint("its history was replaced: weir reset lets the derivative begin again");
  }
  if (!block) return block.error();
  ASSIGN_OR_RETURN(odf::ChainState chain, chains.InForce(context, input, block->sequence_number));
  return std::move(chain.schema);
}

bool Has(const odf::DataSchema& schema, const std::string& name) {
  return std::ranges::find(schema.fields, name, &odf::DataField::name) != schema.fields.end();
}

}  // namespace

Result<ShownSchemas> ReadShownSchemas(const Context& context, datasets::ChainStore& chains,
                                      const odf::DatasetId& id, std::uint64_t last) {
  ShownSchemas shown;
  ASSIGN_OR_RETURN(const auto step, FirstStep(context, chains, id, last));
  if (!step) return shown;
  ASSIGN_OR_RETURN(const Bytes bytes, chains.ReadBlock(context, id, *step));
  ASSIGN_OR_RETURN(const odf::DecodedBlock decoded, odf::DecodeBlock(bytes));
  const auto& event = std::get<odf::ExecuteTransform>(decoded.block.event.value);
  for (const odf::ExecuteTransformInput& input : event.query_inputs) {
    const auto& read = input.new_block_hash ? input.new_block_hash : input.prev_block_hash;
    if (!read) continue;
    ASSIGN_OR_RETURN(auto schema, SchemaAt(context, chains, input.dataset_id, *read));
    if (schema) shown.emplace(input.dataset_id, *std::move(schema));
  }
  return shown;
}

std::vector<std::string> HiddenColumns(const ShownSchemas& shown, const odf::DatasetId& id,
                                       const odf::ChainState& now) {
  std::vector<std::string> hidden;
  const auto found = shown.find(id);
  if (found == shown.end()) return hidden;
  const std::vector<std::string> key = datasets::StateRuleOf(now).key;
  for (const odf::DataField& field : now.schema.value().fields) {
    const bool is_key = std::ranges::find(key, field.name) != key.end();
    if (!is_key && !Has(found->second, field.name)) hidden.push_back(field.name);
  }
  return hidden;
}

odf::DataSchema WithoutColumns(odf::DataSchema schema, const std::vector<std::string>& hidden) {
  std::erase_if(schema.fields, [&](const odf::DataField& field) {
    return std::ranges::find(hidden, field.name) != hidden.end();
  });
  return schema;
}

}  // namespace weir::pipelines
