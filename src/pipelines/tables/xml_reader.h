#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "base/result.h"

namespace weir::pipelines {

/// Walks over the XML that spreadsheets are made of: UTF-8, elements, attributes, text, character
/// references, CDATA; comments and instructions are passed over, namespace prefixes dropped. A
/// document type is refused, so nothing outside of the file is ever looked up and no entity
/// expands. Whether tags match is not looked at.
///
/// Any bytes are safe: memory is one tag or one piece of text, each of bounded length. kInvalid for
/// what is no such XML.
class XmlReader {
 public:
  explicit XmlReader(std::shared_ptr<const ReadableFile> file) : file_(std::move(file)) {}

  /// An element without content starts and ends.
  enum class Event { kStart, kEnd, kText, kDone };
  Result<Event> Next();

  const std::string& name() const { return name_; }  ///< of kStart and kEnd
  const std::string& text() const { return text_; }  ///< of kText: as long as no tag comes between
  /// Of kStart; null when there is none.
  const std::string* attribute(std::string_view name) const;

  /// The text up to the end of the element that has just started, without that of elements in it
  /// that are called `without`.
  Result<std::string> Content(std::string_view without = {});

 private:
  /// The next byte, -1 at the end.
  Result<int> Get();
  Result<bool> Fill();
  /// Reads up to `end` into `out`, which it leaves out.
  Status Until(std::string_view end, std::string& out);
  Result<std::optional<Event>> Tag();
  Result<std::optional<Event>> Declaration();
  Result<Event> Start(std::string_view tag);

  const std::shared_ptr<const ReadableFile> file_;
  std::uint64_t offset_ = 0;  ///< of the bytes after the buffer
  std::string buffer_;
  std::size_t at_ = 0;
  std::string name_;
  std::string text_;
  std::string tag_;
  std::vector<std::pair<std::string, std::string>> attributes_;
  bool ends_at_once_ = false;
};

}  // namespace weir::pipelines
