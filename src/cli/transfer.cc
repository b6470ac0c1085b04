#include "cli/transfer.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/files.h"

namespace weir::cli {
namespace {

class CountedFile final : public ReadableFile {
 public:
  CountedFile(std::shared_ptr<const ReadableFile> file, std::shared_ptr<Transfer> transfer)
      : file_(std::move(file)), transfer_(std::move(transfer)) {}

  Result<std::size_t> Read(std::uint64_t offset, std::span<std::byte> buffer) const override {
    auto count = file_->Read(offset, buffer);
    if (count) transfer_->taken += *count;
    return count;
  }
  std::uint64_t size() const override { return file_->size(); }

 private:
  const std::shared_ptr<const ReadableFile> file_;
  const std::shared_ptr<Transfer> transfer_;
};

class CountedSource final : public ByteSource {
 public:
  CountedSource(std::unique_ptr<ByteSource> source, std::shared_ptr<Transfer> transfer)
      : source_(std::move(source)), transfer_(std::move(transfer)) {}

  Result<std::size_t> Read(std::span<std::byte> buffer) override {
    auto count = source_->Read(buffer);
    if (count) transfer_->taken += *count;
    return count;
  }
  std::optional<std::uint64_t> Size() const override { return source_->Size(); }
  std::shared_ptr<const ReadableFile> File() const override {
    auto file = source_->File();
    if (!file) return nullptr;
    return std::make_shared<CountedFile>(std::move(file), transfer_);
  }

 private:
  const std::unique_ptr<ByteSource> source_;
  const std::shared_ptr<Transfer> transfer_;
};

}  // namespace

std::string Transfer::Text(std::chrono::milliseconds passed) const {
  constexpr double kMiB = 1 << 20;
  // A reader looks at some parts of a file twice.
  const auto done = static_cast<double>(std::min(taken.load(), total));
  const double seconds = std::max(0.001, static_cast<double>(passed.count()) / 1000);
  if (taken >= total) {
    return fmt::format("{:.0f} MiB sent, waiting {:.0f}s", static_cast<double>(total) / kMiB,
                       seconds);
  }
  const double rate = done / seconds;
  const double left = rate > 0 ? (static_cast<double>(total) - done) / rate : 0;
  return fmt::format("{:.0f} of {:.0f} MiB, {:.0f} MiB/s, {:.0f}s left", done / kMiB,
                     static_cast<double>(total) / kMiB, rate / kMiB, left);
}

std::unique_ptr<ByteSource> Counted(std::unique_ptr<ByteSource> source,
                                    std::shared_ptr<Transfer> transfer) {
  return std::make_unique<CountedSource>(std::move(source), std::move(transfer));
}

}  // namespace weir::cli
