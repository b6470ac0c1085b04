#include "net/source_reader.h"

#include <atomic>
#include <exception>
#include <utility>

namespace weir::net {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

Result<std::string> ReadPiece(ByteSource& source) {
  std::string piece(kPieceBytes, '\0');
  try {
    ASSIGN_OR_RETURN(const std::size_t count,
                     source.Read(std::as_writable_bytes(std::span<char>(piece))));
    piece.resize(count);
    return piece;
  } catch (const std::exception& exception) {
    return Internal("the body's source failed: {}", exception.what());
  }
}

}  // namespace

struct SourceReader::Shared {
  std::unique_ptr<ByteSource> source;
  std::function<void()> wake;
  Result<std::string> piece = std::string();
  std::atomic<bool> ready = false;
};

// The task for the pool. When the pool drops it unrun, whoever waits still hears of it.
class SourceReader::Work {
 public:
  explicit Work(std::shared_ptr<Shared> shared) : shared_(std::move(shared)) {}
  Work(Work&&) = default;
  ~Work() {
    if (shared_ != nullptr) Finish(Unavailable("the server is stopping"));
  }

  void operator()() { Finish(ReadPiece(*shared_->source)); }

 private:
  void Finish(Result<std::string> piece) {
    const auto shared = std::exchange(shared_, nullptr);
    shared->piece = std::move(piece);
    shared->ready.store(true, std::memory_order_release);
    shared->wake();
  }

  std::shared_ptr<Shared> shared_;
};

SourceReader::SourceReader(std::unique_ptr<ByteSource> source, WorkerPool& workers,
                           std::function<void()> wake)
    : workers_(workers), shared_(std::make_shared<Shared>()) {
  shared_->source = std::move(source);
  shared_->wake = std::move(wake);
}

Status SourceReader::Ask() {
  Status taken =
      workers_.Submit(Context::Background(), Work(shared_), WorkerPool::WhenFull::kRefuse);
  asked_ = taken.has_value();
  // A task that was not taken has been destroyed, and has said so.
  if (!asked_) shared_->ready.store(false, std::memory_order_relaxed);
  return taken;
}

bool SourceReader::ready() const { return shared_->ready.load(std::memory_order_acquire); }

Result<std::string> SourceReader::Take() {
  shared_->ready.store(false, std::memory_order_relaxed);
  asked_ = false;
  return std::move(shared_->piece);
}

}  // namespace weir::net
