#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/stream.h"
#include "base/worker_pool.h"

namespace weir::net {

/// Reads a blocking ByteSource for an I/O thread: a worker reads the next piece while the one
/// before is written, so no worker waits for a slow client. Belongs to one thread, the workers'
/// part apart.
class SourceReader {
 public:
  /// `wake` is called, from a worker, when a piece is ready.
  SourceReader(std::unique_ptr<ByteSource> source, WorkerPool& workers, std::function<void()> wake);

  /// Asks for the next piece; kExhausted when the workers have no room now.
  Status Ask();
  bool asked() const { return asked_; }
  bool ready() const;

  /// The piece that was asked for, when ready; empty at the end.
  Result<std::string> Take();

 private:
  struct Shared;
  class Work;

  WorkerPool& workers_;
  const std::shared_ptr<Shared> shared_;
  bool asked_ = false;
};

}  // namespace weir::net
