#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace weir::cli {

/// How -o asks for the answer to be printed.
enum class Format { kTable, kWide, kJson, kYaml, kNdjson, kCsv, kName };

/// The flag -o, for the commands that print records.
Flag OutputFlag();
Format FormatOf(std::string_view name);

using Record = boost::json::object;

struct Column {
  /// kWhereSaid: left out of a table in whose first records it is empty.
  enum class Shown { kAlways, kWhereSaid, kWide };

  std::string title;  ///< "STATUS"; lower case in CSV
  std::function<std::string(const Record&)> cell;
  Shown shown = Shown::kAlways;
  bool status = false;  ///< coloured by what it says
};

/// How records of one sort look as a table, and what -o name prints of each.
struct Shape {
  std::vector<Column> columns;
  std::function<std::string(const Record&)> name;
};

/// A list stays a list in JSON when it has one record; a single record is just itself.
enum class Plural { kList, kSingle };

/// A cell of what stands at "status.aggregate" in the record; empty when nothing does.
std::function<std::string(const Record&)> At(std::string_view path);

/// Prints `records` to `out`, the last line ended.
void PrintRecords(Output& out, const Terminal& terminal, Format format, const Shape& shape,
                  const std::vector<Record>& records, Plural plural);

/// Prints records as they come: the titles once, columns as wide as anything so far, JSON and YAML
/// as one document after the other.
class RecordStream {
 public:
  /// All of them outlive it.
  RecordStream(Output& out, const Terminal& terminal, Format format, const Shape& shape);

  void Print(const std::vector<Record>& records);

 private:
  void PrintTable(const std::vector<Record>& records);
  void LeaveOutWhatIsNotSaid(const std::vector<Record>& records);
  void PrintRow(const std::vector<std::string>& cells, bool is_title);
  void PrintCsv(const std::vector<Record>& records);
  void PrintDocument(const Record& record);

  Output& out_;
  const Terminal& terminal_;
  const Format format_;
  const Shape& shape_;
  std::vector<const Column*> columns_;
  std::vector<std::size_t> widths_;
  bool begun_ = false;
};

}  // namespace weir::cli
