#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace weir::api {

/// A cursor says where the next page of a list begins. To the client it is an opaque text; inside
/// are the position and a signature over it and over the query it belongs to, so that nobody can
/// make one up, change one, or go on with it in another list.
class CursorCodec {
 public:
  /// `query` is what the pages have in common: the route and its filters.
  CursorCodec(std::string_view signing_key, std::string_view query)
      : signing_key_(signing_key), query_(query) {}

  std::string Encode(std::string_view position) const;

  /// The position again. kInvalid for anything Encode has not made for this query.
  Result<std::string> Decode(std::string_view cursor) const;

 private:
  std::string Sign(std::string_view position) const;

  std::string signing_key_;
  std::string query_;
};

}  // namespace weir::api
