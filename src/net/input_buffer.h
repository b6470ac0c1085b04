#pragma once

#include <span>
#include <string>
#include <string_view>

namespace weir::net {

/// Bytes that came in and were not looked at yet.
class InputBuffer {
 public:
  std::string_view data() const { return std::string_view(bytes_).substr(start_, end_ - start_); }
  bool empty() const { return start_ == end_; }
  std::size_t size() const { return end_ - start_; }

  /// Room for `size` more bytes, and then how many of them came. Views of data() end here. Until
  /// Commit the room stays where it is, whatever is consumed meanwhile.
  std::span<char> Prepare(std::size_t size) {
    is_awaiting_ = true;
    if (bytes_.size() - end_ < size) {
      bytes_.erase(0, start_);
      end_ -= start_;
      start_ = 0;
      bytes_.resize(std::max(bytes_.size(), end_ + size));
    }
    return {bytes_.data() + end_, size};
  }
  void Commit(std::size_t size) {
    is_awaiting_ = false;
    end_ += size;
    BeginAnew();
  }

  void Consume(std::size_t size) {
    start_ += size;
    BeginAnew();
  }

  /// Gives memory back that only a large body needed.
  void Shrink(std::size_t kept) {
    if (empty() && !is_awaiting_ && bytes_.size() > kept) {
      bytes_.resize(kept);
      bytes_.shrink_to_fit();
    }
  }

 private:
  void BeginAnew() {
    if (empty() && !is_awaiting_) start_ = end_ = 0;
  }

  std::string bytes_;
  std::size_t start_ = 0;
  std::size_t end_ = 0;
  bool is_awaiting_ = false;  // room was handed out, and bytes may be arriving in it
};

}  // namespace weir::net
