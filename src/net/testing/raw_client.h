#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "net/address.h"
#include "net/unique_fd.h"

namespace weir::net {

/// A client that sends exactly the bytes it is told to, for what no proper client would do. Every
/// wait ends after ten seconds.
class RawClient {
 public:
  explicit RawClient(const Address& address);

  /// False when the server has closed.
  bool Send(std::string_view bytes);
  /// Closes this side only.
  void FinishSending();
  /// The next bytes there are; empty when the server has closed, or at the end of the wait.
  std::string Read();
  /// Reads until `text` has come, or the end; all that was read.
  std::string ReadUntil(std::string_view text);
  /// One whole response with Content-Length, chunks, or neither of them and no body.
  std::string ReadResponse();
  /// All there is until the server closes.
  std::string ReadToEnd();
  /// Whether the server closes before it sends anything, within `wait`.
  bool IsClosedWithin(std::chrono::milliseconds wait);
  /// Whether something can be read, or the server has closed, within `wait`.
  bool IsReadableWithin(std::chrono::milliseconds wait);
  /// Makes the kernel take little on behalf of this client, before it reads.
  void ShrinkReceiveBuffer();
  void Close() { fd_ = UniqueFd(); }

 private:
  UniqueFd fd_;
  std::string pending_;
};

/// "HTTP/1.1 200 OK..." -> 200; 0 when it is none.
int StatusOf(std::string_view response);
/// What follows the head.
std::string_view BodyOf(std::string_view response);

}  // namespace weir::net
