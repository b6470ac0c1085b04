#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/request.h"
#include "api/response.h"
#include "base/files.h"

namespace weir::http {

/// Files that are the same for everybody: the pages of the browser app. They are held in memory
/// with their packed variants, so answering is a look-up.
///
/// Each has two URLs: its plain name, which a browser asks about again each time (ETag), and one
/// with the hash of its content in it, which a browser may keep for good. Immutable, thread-safe.
class StaticFiles {
 public:
  struct File {
    std::string name = {};  ///< below the prefix: "app.css", "icons/logo.svg"
    std::string content = {};
    std::string gzip = {};  ///< packed beforehand; empty: packed here, when that is worth it
    std::string zstd = {};
  };

  /// Serves `files` below `prefix`, which begins and ends with a slash.
  StaticFiles(std::string prefix, std::vector<File> files);

  /// Reads all of `directory`, with those below it. "x.gz" and "x.zst" beside "x" are its variants.
  static Result<std::unique_ptr<StaticFiles>> Load(std::string prefix, const Files::Path& directory,
                                                   const Files& files);

  /// "/app/app.css" -> "/app/app.3f2a9c1b04de.css"; empty when there is no such file.
  std::string UrlOf(std::string_view name) const;

  /// The answer to `request`; nullopt when no file of these is asked for.
  std::optional<api::Response> Answer(const api::Request& request) const;

  bool Holds(std::string_view path) const { return by_path_.contains(path); }

 private:
  struct Page;
  struct Entry {
    std::shared_ptr<const Page> page;
    bool is_immutable = false;
  };

  void Add(File file);

  const std::string prefix_;
  std::map<std::string, Entry, std::less<>> by_path_;
};

}  // namespace weir::http
