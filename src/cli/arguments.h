#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weir::cli {

/// What was typed after a command's name: the values of its flags and arguments by their names.
/// A flag that was not given has its environment variable's value, else its fallback.
class Arguments {
 public:
  bool Has(std::string_view name) const;  ///< given, by flag or environment
  /// The value, the last one of several; empty when there is none.
  std::string Text(std::string_view name) const;
  std::vector<std::string> All(std::string_view name) const;

  void Add(std::string_view name, std::string value);
  void SetFallback(std::string_view name, std::string value);

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> given_;
  std::map<std::string, std::string, std::less<>> fallbacks_;
};

}  // namespace weir::cli
