#include "pipelines/derive/replay.h"

#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/sql_text.h"
#include "odf/system_names.h"
#include "pipelines/derive/repeated_step.h"

namespace weir::pipelines {
namespace {

using engine::Identifier;

class FileSink final : public ByteSink {
 public:
  explicit FileSink(WritableFile& file) : file_(file) {}
  Status Write(ByteView bytes) override { return file_.Append(bytes); }

 private:
  WritableFile& file_;
};

class Replay {
 public:
  Replay(const Context& context, const ReplayPlace& place, const odf::DatasetId& id)
      : context_(context), place_(place), chains_(place.rows.chains), id_(id) {}

  Result<Replayed> Run(const std::function<void(const Replayed&)>& on_step) {
    datasets::RowPage page;
    for (;;) {
      ASSIGN_OR_RETURN(const auto blocks, chains_.Blocks(context_, id_, page));
      for (const datasets::BlockRow& block : blocks) {
        RETURN_IF_ERROR(context_.Check());
        if (block.event == odf::ExecuteTransform::kKind) {
          RETURN_IF_ERROR(Step(block));
          if (on_step) on_step(done_);
        }
      }
      if (blocks.size() < page.limit) return done_;
      page.after = blocks.back().sequence_number;
    }
  }

 private:
  Status Step(const datasets::BlockRow& block) {
    RepeatedStep step;
    auto file = MakeScratchFile(place_.scratch, [&](WritableFile& target) -> Status {
      FileSink sink(target);
      ASSIGN_OR_RETURN(step, RepeatStep(context_, place_.rows, id_, block, sink));
      return Ok();
    });
    if (!file) return In(block, std::move(file).error());
    ++done_.steps;
    if (step.event.new_data) done_.records += Count(*step.event.new_data);
    if (!step.is_same()) return Differs(block, step, file->file);
    RETURN_IF_ERROR(CheckInputs(block, step));
    return CheckWatermark(block, step);
  }

  // The records that it read are those up to the blocks that it names.
  static Status CheckInputs(const datasets::BlockRow& block, const RepeatedStep& step) {
    for (std::size_t i = 0; i < step.inputs.size(); ++i) {
      const auto& [alias, last_offset] = step.inputs[i];
      const odf::ExecuteTransformInput& recorded = step.event.query_inputs[i];
      const auto& read = recorded.new_offset ? recorded.new_offset : recorded.prev_offset;
      if (read == last_offset) continue;
      return In(block,
                Corrupt("it read input {} up to {}, and the block of the input that it names "
                        "is at {}",
                        alias, RecordText(read), RecordText(last_offset)));
    }
    return Ok();
  }

  static Status CheckWatermark(const datasets::BlockRow& block, const RepeatedStep& step) {
    const auto& [least, most] = step.watermarks;
    if (step.watermarks.Has(step.event.new_watermark)) return Ok();
    const std::string given =
        least == most ? TimeText(most) : fmt::format("{} to {}", TimeText(least), TimeText(most));
    return In(block, Corrupt("its watermark is {}, and its inputs give {}",
                             TimeText(step.event.new_watermark), given));
  }

  static std::string RecordText(std::optional<std::uint64_t> offset) {
    return offset ? fmt::format("record {}", *offset) : "no record";
  }
  static std::string TimeText(std::optional<Timestamp> time) {
    return time ? FormatTimestamp(*time) : "none";
  }

  static std::uint64_t Count(const odf::DataSlice& slice) {
    return slice.offset_interval.end - slice.offset_interval.start + 1;
  }

  static Error In(const datasets::BlockRow& block, Error error) {
    error.message =
        fmt::format("block {} ({}): {}", block.sequence_number, block.hash.ToText(), error.message);
    return error;
  }

  // Says which row and which column of it is the first that is another one.
  Status Differs(const datasets::BlockRow& block, const RepeatedStep& step,
                 const std::shared_ptr<const ReadableFile>& file) {
    const odf::ExecuteTransform& event = step.event;
    const auto& computed = step.computed;
    if (!computed || !event.new_data || Count(computed->slice) != Count(*event.new_data)) {
      return In(block, Corrupt("it has {} records, and its inputs give {}",
                               event.new_data ? Count(*event.new_data) : 0,
                               computed ? Count(computed->slice) : 0));
    }
    ASSIGN_OR_RETURN(const auto recorded, chains_.OpenSlice(context_, id_, *event.new_data));
    engine::Workbench& bench = place_.rows.bench;
    ASSIGN_OR_RETURN(const std::string path, bench.AddFile(file));
    ASSIGN_OR_RETURN(const std::string recorded_path, bench.AddFile(recorded));
    ASSIGN_OR_RETURN(const auto columns,
                     bench.Describe(fmt::format("SELECT * FROM read_parquet({})",
                                                engine::Literal(recorded_path))));
    const odf::SystemNames names(step.vocab);
    std::vector<std::string> cases;
    for (const engine::Column& column : columns) {
      cases.push_back(fmt::format("WHEN r.{0} IS DISTINCT FROM c.{0} THEN {1}",
                                  Identifier(column.name), engine::Literal(column.name)));
    }
    const std::string sql = fmt::format(
        "SELECT r.{0}::BIGINT, CASE {1} END AS col FROM read_parquet({2}) r JOIN read_parquet({3}) "
        "c ON r.{0} = c.{0} WHERE col IS NOT NULL ORDER BY 1 LIMIT 1",
        Identifier(names.offset), fmt::join(cases, " "), engine::Literal(recorded_path),
        engine::Literal(path));
    ASSIGN_OR_RETURN(const auto rows, bench.Query(context_, sql));
    ASSIGN_OR_RETURN(const auto batch, rows->Next());
    if (!batch || batch->num_rows() == 0) {
      return In(block, Corrupt("its rows have another hash than those that its inputs give"));
    }
    return In(block, Corrupt("row {}, column {} is not what its inputs give",
                             batch->column(0)->GetScalar(0).ValueOrDie()->ToString(),
                             batch->column(1)->GetScalar(0).ValueOrDie()->ToString()));
  }

  const Context& context_;
  const ReplayPlace& place_;
  datasets::ChainStore& chains_;
  const odf::DatasetId& id_;
  Replayed done_;
};

}  // namespace

Result<Replayed> ReplaySteps(const Context& context, const ReplayPlace& place,
                             const odf::DatasetId& dataset,
                             const std::function<void(const Replayed&)>& on_step) {
  return Replay(context, place, dataset).Run(on_step);
}

}  // namespace weir::pipelines
