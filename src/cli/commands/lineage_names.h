#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <vector>

namespace weir::cli {

/// The datasets of a lineage by their DIDs, and what people call them. What it was made of outlives
/// it.
class LineageNames {
 public:
  explicit LineageNames(const boost::json::object& lineage);

  const boost::json::object& start() const { return *datasets_.front(); }
  const std::vector<const boost::json::object*>& datasets() const { return datasets_; }
  /// Null: it is not in this lineage.
  const boost::json::object* Find(const std::string& id) const;

  /// Its name, with the workspace where that is another one than the start's; else its DID.
  std::string NameOf(const boost::json::object& dataset) const;
  std::string NameOf(const std::string& id) const;
  /// The DIDs of what reads it, each once.
  const std::vector<std::string>& ReadersOf(const std::string& id) const;

 private:
  std::vector<const boost::json::object*> datasets_;
  std::map<std::string, const boost::json::object*> by_id_;
  std::map<std::string, std::vector<std::string>> readers_;
  std::map<std::string, std::string> aliases_;
};

/// A text member; empty where there is none.
std::string MemberText(const boost::json::object& object, std::string_view name);
/// An array member; empty where there is none.
const boost::json::array& MemberArray(const boost::json::object& object, std::string_view name);

/// "group by", "identity (masked)": what becomes of a column.
std::string KindWords(const boost::json::object& source);

}  // namespace weir::cli
