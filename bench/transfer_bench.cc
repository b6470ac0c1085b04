// A pull of 2 GB over loopback HTTP beside curl of the same files, and a verification of them
// beside the hasher of several streams and the Parquet reader alone. Method: 32 slices of about 64
// MB, each of random numbers in six columns, so that nothing shrinks; a plain static server
// (python3 -m http.server); the median of three runs of each, in turns. A pull checks the bytes of
// every slice as they come and then all of its rows; both is in its time, and so is every flush to
// disk.
#include <arpa/inet.h>
#include <arrow/api.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <future>
#include <thread>

#include "base/check.h"
#include "base/rng.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "datasets/transfer.h"
#include "datasets/verify.h"
#include "objects/local_object_store.h"
#include "objects/open_object_store.h"
#include "slices/physical_hash.h"
#include "slices/slice_reader.h"
#include "slices/slice_writer.h"

namespace weir {
namespace {

constexpr int kRuns = 3;
constexpr std::int64_t kBatchRows = 65'536;
constexpr int kBatches = 20;  // of a slice
constexpr int kColumns = 6;

const Context kContext = Context::Background();

// Random numbers in columns; 48 bytes a row beside the system columns.
class RandomRows final : public engine::RowStream {
 public:
  explicit RandomRows(Rng& rng) : rng_(rng) {
    arrow::FieldVector fields = {
        arrow::field("op", arrow::int32(), false),
        arrow::field("event_time", arrow::timestamp(arrow::TimeUnit::MILLI, "UTC"), false)};
    for (int i = 0; i < kColumns; ++i) {
      fields.push_back(arrow::field(fmt::format("value_{}", i), arrow::int64(), false));
    }
    schema_ = arrow::schema(fields);
  }

  std::shared_ptr<arrow::Schema> schema() const override { return schema_; }

  Result<std::shared_ptr<arrow::RecordBatch>> Next() override {
    if (given_++ == kBatches) return std::shared_ptr<arrow::RecordBatch>();
    arrow::ArrayVector columns = {Zeros(arrow::int32(), 4), Zeros(schema_->field(1)->type(), 8)};
    for (int i = 0; i < kColumns; ++i) columns.push_back(Random());
    return arrow::RecordBatch::Make(schema_, kBatchRows, std::move(columns));
  }

 private:
  std::shared_ptr<arrow::Array> ArrayOf(std::shared_ptr<arrow::DataType> type,
                                        std::shared_ptr<arrow::Buffer> buffer) const {
    return arrow::MakeArray(
        arrow::ArrayData::Make(std::move(type), kBatchRows, {nullptr, std::move(buffer)}, 0));
  }
  std::shared_ptr<arrow::Array> Zeros(std::shared_ptr<arrow::DataType> type, int width) const {
    std::shared_ptr<arrow::Buffer> buffer = arrow::AllocateBuffer(kBatchRows * width).ValueOrDie();
    std::memset(buffer->mutable_data(), 0, static_cast<std::size_t>(buffer->size()));
    return ArrayOf(std::move(type), std::move(buffer));
  }
  std::shared_ptr<arrow::Array> Random() {
    std::shared_ptr<arrow::Buffer> buffer = arrow::AllocateBuffer(kBatchRows * 8).ValueOrDie();
    rng_.Fill({reinterpret_cast<std::byte*>(buffer->mutable_data()),
               static_cast<std::size_t>(buffer->size())});
    return ArrayOf(arrow::int64(), std::move(buffer));
  }

  Rng& rng_;
  std::shared_ptr<arrow::Schema> schema_;
  int given_ = 0;
};

class StringSink final : public ByteSink {
 public:
  Status Write(ByteView bytes) override {
    content.append(AsText(bytes));
    return Ok();
  }
  std::string content;
};

// The chains of a home in a directory.
struct Chains {
  explicit Chains(const std::filesystem::path& directory)
      : store(control::OpenSqliteStore(directory / "control.db").value()),
        objects(directory / "datasets", PosixFiles()),
        chains(*store, objects) {}

  std::unique_ptr<control::Store> store;
  objects::LocalObjectStore objects;
  datasets::ChainStore chains;
};

odf::DatasetId Id() {
  odf::DatasetId::PublicKey key{};
  key.fill(7);
  return odf::DatasetId(key);
}

datasets::ChainRecord Begin(datasets::ChainStore& chains) {
  odf::DataSchema schema;
  schema.fields.push_back({.name = "offset", .type = {.value = odf::DataTypeInt64{}}});
  datasets::AppendRequest request{.id = Id(), .system_time = SystemClock().Now()};
  const odf::Seed seed{.dataset_id = Id(), .dataset_kind = odf::DatasetKind::kRoot};
  request.blocks.push_back({.event = {seed}});
  request.blocks.push_back({.event = {odf::SetDataSchema{.schema = schema}}});
  return chains.Append(kContext, request).value();
}

// Makes the dataset; the bytes of its slices.
std::uint64_t Generate(Chains& home, int slices) {
  const auto rng = SeededRng(1);
  datasets::ChainRecord record = Begin(home.chains);
  const auto repository = home.chains.RepositoryOf(Id());
  for (int i = 0; i < slices; ++i) {
    RandomRows rows(*rng);
    StringSink sink;
    const std::uint64_t start = record.chain.last_offset ? *record.chain.last_offset + 1 : 0;
    const Timestamp now = SystemClock().Now();
    const auto written =
        slices::WriteSlice(kContext, rows, {.start_offset = start, .system_time = now}, sink)
            .value()
            .value();
    repository.PutSlice(kContext, written.slice.physical_hash, AsBytes(sink.content)).value();
    odf::AddData data{.prev_offset = record.chain.last_offset, .new_data = written.slice};
    record =
        home.chains
            .Append(kContext, {.id = Id(),
                               .expected_head = record.chain.head,
                               .system_time = now,
                               .blocks = {{.event = {std::move(data)},
                                           .slice = datasets::NewSlice{.facts = written.facts}}}})
            .value();
  }
  home.chains.PublishAll(kContext).value();
  return record.bytes;
}

std::uint16_t FreePort() {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* any = reinterpret_cast<sockaddr*>(&address);
  WEIR_CHECK(::bind(socket, any, size) == 0 && ::getsockname(socket, any, &size) == 0);
  ::close(socket);
  return ntohs(address.sin_port);
}

// A static server over a directory, gone with this.
class StaticServer {
 public:
  explicit StaticServer(const std::filesystem::path& directory) : port_(FreePort()) {
    const std::string port = std::to_string(port_);
    const std::string root = directory.string();
    process_ = ::fork();
    if (process_ == 0) {
      (void)!::freopen("/dev/null", "w", stderr);
      ::execlp("python3", "python3", "-m", "http.server", port.c_str(), "--bind", "127.0.0.1",
               "--directory", root.c_str(), nullptr);
      ::_exit(127);
    }
    const auto store = objects::OpenObjectStore(url()).value();
    for (int i = 0; i < 100 && !store->Exists(kContext, "refs/head"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
    }
  }
  ~StaticServer() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  std::string url() const { return fmt::format("http://127.0.0.1:{}", port_); }

 private:
  const std::uint16_t port_;
  pid_t process_ = -1;
};

double Seconds(const std::function<void()>& work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double Median(std::vector<double> all) {
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

// The same files by curl, eight at a time.
void Curl(const std::string& url, const std::filesystem::path& repository,
          const std::filesystem::path& into) {
  std::string config;
  for (const auto& entry : std::filesystem::directory_iterator(repository / "data")) {
    const std::string name = entry.path().filename();
    config +=
        fmt::format("url = \"{}/data/{}\"\noutput = \"{}\"\n", url, name, (into / name).string());
  }
  const std::filesystem::path file = into / "config";
  PosixFiles().WriteDurably(file, AsBytes(config)).value();
  const std::string command =
      fmt::format("curl --silent --fail --parallel --parallel-max 8 --config {}", file.string());
  WEIR_CHECK(std::system(command.c_str()) == 0);
}

void Pull(const std::string& url, const std::filesystem::path& into) {
  Chains home(into);
  const auto store = objects::OpenObjectStore(url).value();
  const auto pulled = datasets::Pull(kContext, home.chains, {*store, ""});
  WEIR_CHECK_MSG(pulled.has_value(), pulled ? "" : pulled.error().message);
}

// What a verification cannot do without: the bytes hashed, and the rows decoded.
void HashAndRead(const std::filesystem::path& repository) {
  std::vector<std::shared_ptr<const ReadableFile>> files;
  for (const auto& entry : std::filesystem::directory_iterator(repository / "data")) {
    files.push_back(PosixFiles().Open(entry.path()).value());
  }
  const auto hashing =
      std::async(std::launch::async, [&] { slices::PhysicalHashes(kContext, files); });
  for (const auto& file : files) {
    const auto reader = slices::SliceReader::Open(kContext, file).value();
    while (reader->Next().value() != nullptr) {
    }
  }
}

void Report(std::FILE* out, const char* what, const char* peer_name, double megabytes,
            double seconds, double peer_seconds, double bar) {
  const double ratio = peer_seconds / seconds;
  fmt::print("{:<30} {:>6.0f} MB/s  {:>5.2f} x  (bar {} x)\n", what, megabytes / seconds, ratio,
             bar);
  fmt::print(out,
             R"({{"what": "{}", "unit": "MB/s", "weir": {:.0f}, "peer": {:.0f}, )"
             R"("peer_name": "{}", "ratio": {:.2f}, "bar": ">= {} x", "met": {}, )"
             R"("note": "{:.0f} MB of random numbers in slices of 64 MB"}})"
             "\n",
             what, megabytes / seconds, megabytes / peer_seconds, peer_name, ratio, bar,
             ratio >= bar, megabytes);
}

int Main(int argc, char** argv) {
  if (argc < 3 || std::strcmp(argv[1], "--out") != 0) {
    fmt::print(stderr, "usage: {} --out FILE [SLICES]\n", argv[0]);
    return 2;
  }
  const int slices = argc > 3 ? std::atoi(argv[3]) : 32;
  std::FILE* out = std::fopen(argv[2], "w");
  if (out == nullptr) {
    std::perror(argv[2]);
    return 1;
  }
  const TempDir directory;
  Chains home(directory.path());
  const double megabytes = static_cast<double>(Generate(home, slices)) / 1e6;
  const std::filesystem::path repository = directory / "datasets" / Id().ToMultibase();
  const StaticServer server(repository);
  std::vector<double> curl;
  std::vector<double> pull;
  std::vector<double> peer;
  std::vector<double> verify;
  for (int run = 0; run < kRuns; ++run) {
    const TempDir fetched;
    curl.push_back(Seconds([&] { Curl(server.url(), repository, fetched.path()); }));
    const TempDir pulled;
    pull.push_back(Seconds([&] { Pull(server.url(), pulled.path()); }));
    peer.push_back(Seconds([&] { HashAndRead(repository); }));
    verify.push_back(
        Seconds([&] { WEIR_CHECK(datasets::Verify(kContext, home.chains, Id()).has_value()); }));
  }
  Report(out, "pull of 2 GB over HTTP", "curl", megabytes, Median(pull), Median(curl), 0.7);
  Report(out, "verify of 2 GB", "hasher and reader alone", megabytes, Median(verify), Median(peer),
         0.8);
  return std::fclose(out) == 0 ? 0 : 1;
}

}  // namespace
}  // namespace weir

int main(int argc, char** argv) { return weir::Main(argc, argv); }
