#include "pipelines/ingest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <ranges>

#include "pipelines/converted_input.h"
#include "pipelines/evolved_source.h"
#include "pipelines/fetch.h"
#include "pipelines/infer_read_step.h"
#include "pipelines/ingest_input.h"
#include "pipelines/scratch_file.h"
#include "slices/declared_columns.h"

namespace weir::pipelines {
namespace {

// Within a process writers take turns, so each further attempt means one more commit of another
// process since the last one began.
constexpr int kMostAttempts = 16;

Result<odf::AddPushSource> PushSourceOf(const odf::ChainState& chain, const std::string& name) {
  const auto found = chain.push_sources.find(name);
  if (found != chain.push_sources.end()) return found->second;
  std::string hint =
      fmt::format("it has {}", fmt::join(std::views::keys(chain.push_sources), ", "));
  if (chain.push_sources.empty()) {
    hint = chain.polling_source ? "it has a polling source: pull it"
                                : "add one to its manifest: AddPushSource";
  }
  return Invalid("the dataset has no push source {}", name).WithHint(std::move(hint));
}

}  // namespace

Status Ingestor::CleanScratch() { return files_.RemoveTree(options_.scratch); }

Status Ingestor::CheckRoom() const {
  RETURN_IF_ERROR(files_.CreateDirectories(options_.scratch));
  return CheckFreeSpace(files_, options_.scratch, options_.least_free_bytes);
}

std::unique_ptr<engine::NameResolver> Ingestor::Tables(const Context& context) const {
  return options_.tables ? options_.tables(context) : nullptr;
}

Result<std::shared_ptr<const ReadableFile>> Ingestor::Receive(const Context& context,
                                                              ByteSource& source) {
  RETURN_IF_ERROR(CheckRoom());
  return ReceiveFile(context, files_, options_.scratch, options_.least_free_bytes, source);
}

Result<IngestReport> Ingestor::Push(const Context& context, const PushRequest& request) {
  RETURN_IF_ERROR(CheckRoom());
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, request.dataset));
  KeptConversion kept;
  for (int attempt = 1;; ++attempt) {
    auto report = PushOnce(context, request, kept);
    const bool was_late = !report && report.error().code == ErrorCode::kConflict;
    if (!was_late || attempt == kMostAttempts) return report;
  }
}

Result<IngestReport> Ingestor::PushOnce(const Context& context, const PushRequest& request,
                                        KeptConversion& kept) {
  ASSIGN_OR_RETURN(ChainAtWork chain, ReadChainAtWork(context, chains_, request.dataset));
  chain.keeps_microseconds = request.keeps_microseconds.value_or(chain.keeps_microseconds);
  ASSIGN_OR_RETURN(odf::AddPushSource source,
                   PushSourceOf(chain.record.chain, request.source_name));
  const auto format =
      request.format ? request.format : FindConvertedFormat(request.input_name, *request.input);
  InputAtWork input{.file = request.input,
                    .name = request.input_name,
                    .read = format ? ReadStepAs(source.read, *format) : std::move(source.read),
                    .preprocess = std::move(source.preprocess),
                    .merge = std::move(source.merge),
                    .event_time = request.event_time};
  if (format && IsConverted(*format)) {
    auto converted = request.converted;
    if (!converted) {
      ASSIGN_OR_RETURN(converted, Convert(context, *format, chain.keeps_microseconds, input, kept));
    }
    input.file = converted->file;
    input.place = converted->place;
  }
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  if (request.evolves) RETURN_IF_ERROR(Evolve(context, *bench, chain, request, format, input));
  const auto tables = Tables(context);
  const IngestPlace place{.chains = chains_,
                          .states = states_,
                          .files = files_,
                          .bench = *bench,
                          .scratch = options_.scratch,
                          .clock = clock_,
                          .tables = tables.get()};
  return IngestInput(context, place, chain, input);
}

// Before the first rows there is nothing to evolve: they bring the schema as they are.
Status Ingestor::Evolve(const Context& context, engine::Workbench& bench, const ChainAtWork& chain,
                        const PushRequest& request, std::optional<InputFormat> format,
                        InputAtWork& input) const {
  if (!chain.record.chain.schema) return Ok();
  input.evolves = true;
  const auto times =
      chain.keeps_microseconds ? slices::TimeRule::kMicroseconds : slices::TimeRule::kMilliseconds;
  ASSIGN_OR_RETURN(const auto columns,
                   EvolvedColumns(context, bench, input.read,
                                  {.file = input.file,
                                   .name = input.name,
                                   .times = times,
                                   .format = format && IsConverted(*format)
                                                 ? std::optional(InputFormat::kParquet)
                                                 : format}));
  if (!columns) return Ok();
  input.read = WithColumns(std::move(input.read), *columns);
  ASSIGN_OR_RETURN(odf::AddPushSource source,
                   PushSourceOf(chain.record.chain, request.source_name));
  source.read = WithColumns(std::move(source.read), *columns);
  input.evolved_source = std::move(source);
  return Ok();
}

Result<std::shared_ptr<const ConvertedInput>> Ingestor::Convert(const Context& context,
                                                                InputFormat format,
                                                                bool keeps_microseconds,
                                                                const InputAtWork& input,
                                                                KeptConversion& kept) {
  ASSIGN_OR_RETURN(const auto declared, slices::DeclaredColumns(input.read));
  const bool is_declared = declared.has_value();
  const bool fits = kept.input && kept.is_declared == is_declared &&
                    kept.keeps_microseconds == keeps_microseconds;
  if (fits) return kept.input;
  ASSIGN_OR_RETURN(ConvertedInput converted,
                   ConvertInput(context, Scratch(),
                                {.input = input.file,
                                 .name = input.name,
                                 .format = format,
                                 .is_declared = is_declared,
                                 .keeps_microseconds = keeps_microseconds}));
  kept = {.input = std::make_shared<const ConvertedInput>(std::move(converted)),
          .is_declared = is_declared,
          .keeps_microseconds = keeps_microseconds};
  return kept.input;
}

Result<PollReport> Ingestor::Poll(const Context& context, const odf::DatasetId& dataset,
                                  const SourceRights& rights) {
  RETURN_IF_ERROR(CheckRoom());
  ASSIGN_OR_RETURN(const auto turn, turns_.Wait(context, dataset));
  ASSIGN_OR_RETURN(const ChainAtWork chain, ReadChainAtWork(context, chains_, dataset));
  const odf::ChainState& before = chain.record.chain;
  PollReport report{.last = {.old_head = *before.head,
                             .new_head = *before.head,
                             .last_offset = before.last_offset,
                             .watermark = before.watermark}};
  const bool is_glob = before.polling_source && std::holds_alternative<odf::FetchStepFilesGlob>(
                                                    before.polling_source->fetch.value);
  int late = 0;
  for (;;) {
    auto next = PollOnce(context, dataset, rights);
    if (!next && next.error().code == ErrorCode::kConflict && ++late < kMostAttempts) continue;
    if (!next) return next.error();
    if (!*next) return report;
    report.files += 1;
    report.rows += (*next)->rows;
    report.quarantined += (*next)->quarantined;
    for (std::string& warning : (*next)->warnings) report.warnings.push_back(std::move(warning));
    const bool is_committed = report.last.is_committed || (*next)->is_committed;
    report.last = **next;
    report.last.is_committed = is_committed;
    report.last.old_head = *before.head;
    if (!is_glob) return report;
  }
}

Result<std::optional<IngestReport>> Ingestor::PollOnce(const Context& context,
                                                       const odf::DatasetId& dataset,
                                                       const SourceRights& rights) {
  ASSIGN_OR_RETURN(const ChainAtWork chain, ReadChainAtWork(context, chains_, dataset));
  const odf::ChainState& state = chain.record.chain;
  if (!state.polling_source) {
    return Invalid("the dataset has no polling source")
        .WithHint("its rows are pushed: weir ingest NAME FILE");
  }
  const odf::SetPollingSource& source = *state.polling_source;
  std::optional<odf::SourceState> known;
  const auto kept = state.source_states.find(kPollingSourceName);
  if (kept != state.source_states.end()) known = kept->second;
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  ASSIGN_OR_RETURN(auto fetched, FetchNext(context,
                                           {.files = files_,
                                            .bench = *bench,
                                            .rights = rights,
                                            .scratch = options_.scratch,
                                            .least_free_bytes = options_.least_free_bytes},
                                           source, known));
  if (!fetched) return std::optional<IngestReport>();
  InputAtWork input{.file = std::move(fetched->file),
                    .name = std::move(fetched->name),
                    .read = source.read,
                    .preprocess = source.preprocess,
                    .merge = source.merge,
                    .event_time = fetched->event_time,
                    .check = std::move(fetched->check)};
  if (!fetched->state.value.empty()) input.state = std::move(fetched->state);
  const auto tables = Tables(context);
  const IngestPlace place{.chains = chains_,
                          .states = states_,
                          .files = files_,
                          .bench = *bench,
                          .scratch = options_.scratch,
                          .clock = clock_,
                          .tables = tables.get()};
  ASSIGN_OR_RETURN(IngestReport report, IngestInput(context, place, chain, input));
  return std::optional(std::move(report));
}

Result<InferredInput> Ingestor::Infer(const Context& context,
                                      std::shared_ptr<const ReadableFile> input,
                                      const std::string& name, slices::TimeRule times,
                                      std::optional<InputFormat> format) {
  if (!format) format = FindConvertedFormat(name, *input);
  ASSIGN_OR_RETURN(const auto bench, benches_.Borrow(context));
  InferredInput inferred;
  if (!format || !IsConverted(*format)) {
    ASSIGN_OR_RETURN(inferred.read,
                     InferReadStep(context, *bench, std::move(input), name, times, format));
    return inferred;
  }
  RETURN_IF_ERROR(CheckRoom());
  ASSIGN_OR_RETURN(ConvertedInput converted,
                   ConvertInput(context, Scratch(),
                                {.input = std::move(input),
                                 .name = name,
                                 .format = *format,
                                 .keeps_microseconds = times == slices::TimeRule::kMicroseconds}));
  inferred.converted = std::make_shared<const ConvertedInput>(std::move(converted));
  // Parquet, Avro and ORC say themselves what they hold; the cells of a sheet do not.
  if (*format != InputFormat::kXlsx) {
    inferred.read = {odf::ReadStepParquet{}};
    return inferred;
  }
  odf::ReadStepCsv step{.header = true};
  ASSIGN_OR_RETURN(step.schema, InferParquetSchema(*bench, inferred.converted->file, times));
  inferred.read = {std::move(step)};
  return inferred;
}

}  // namespace weir::pipelines
