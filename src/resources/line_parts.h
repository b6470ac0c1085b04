#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace weir::resources {

/// What the characters of a manifest's lines are part of, found without parsing them: enough to
/// know how a value put there must be written. Fed the lines of a text in order.
class LineParts {
 public:
  enum class Part : unsigned char { kPlain, kSingleQuoted, kDoubleQuoted, kBlock, kComment };

  /// For each character of `line` (without its line break); one more for its end.
  std::vector<Part> Of(std::string_view line);

 private:
  bool Continues(std::string_view line);
  void ScanPlain(std::string_view line, std::size_t& at, std::vector<Part>& parts);
  void ScanQuoted(std::string_view line, std::size_t& at, std::vector<Part>& parts);
  void OpenBlock(std::string_view line, const std::vector<Part>& parts);

  Part open_ = Part::kPlain;  // a quoted scalar that goes on in the next line
  bool in_block_ = false;
  std::size_t block_parent_ = 0;  // a block goes on while lines are indented more than this
};

}  // namespace weir::resources
