#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "resources/problem.h"

namespace weir::resources {

/// One step of a YAML text, with its place and what the parser says of it.
struct YamlEvent {
  enum class Type {
    kStreamEnd,
    kDocumentStart,
    kDocumentEnd,
    kAlias,
    kScalar,
    kSequenceStart,
    kSequenceEnd,
    kMappingStart,
    kMappingEnd,
  };

  Type type = Type::kStreamEnd;
  int line = 0;
  int column = 0;
  std::string anchor = {};  ///< of an alias: the one it means
  std::string tag = {};
  std::string text = {};
  bool plain = false;  ///< a scalar without quotes and not in a block
};

/// Pulls events out of a text by libyaml, the only place that knows it. The text outlives it.
class YamlEvents {
 public:
  YamlEvents(std::string_view source, std::string_view text);
  ~YamlEvents();
  YamlEvents(const YamlEvents&) = delete;
  YamlEvents& operator=(const YamlEvents&) = delete;

  /// The next event; false after adding the problem that ends the text.
  bool Next(YamlEvent& event, Problems& problems);

 private:
  struct Parser;
  const std::string source_;
  const std::unique_ptr<Parser> parser_;
};

}  // namespace weir::resources
