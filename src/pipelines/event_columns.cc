#include "pipelines/event_columns.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace weir::pipelines {
namespace {

std::vector<std::string> Names(const MergeTask& task) {
  std::vector<std::string> names = {"et"};
  for (std::size_t i = 0; i < task.data_columns; ++i) names.push_back(fmt::format("c{}", i));
  return names;
}

template <typename Render>
std::string Joined(const std::vector<std::string>& names, const char* separator, Render render) {
  std::vector<std::string> parts;
  parts.reserve(names.size());
  for (const std::string& name : names) parts.push_back(render(name));
  return fmt::format("{}", fmt::join(parts, separator));
}

}  // namespace

std::string EventColumns(const MergeTask& task, const std::string& prefix,
                         const std::string& renamed) {
  return Joined(Names(task), ", ", [&](const std::string& name) {
    return renamed.empty() ? prefix + name
                           : fmt::format("{}{} AS {}{}", prefix, name, renamed, name);
  });
}

std::string WithoutPrefix(const MergeTask& task, const std::string& prefix) {
  return Joined(Names(task), ", ", [&](const std::string& name) {
    return fmt::format("{}{} AS {}", prefix, name, name);
  });
}

std::string KeysEqual(const MergeTask& task, const std::string& left, const std::string& right) {
  return Joined(task.keys, " AND ", [&](const std::string& key) {
    return fmt::format("{0}.{2} = {1}.{2}", left, right, key);
  });
}

std::string KeysSame(const MergeTask& task, const std::string& left, const std::string& right) {
  return Joined(task.keys, " AND ", [&](const std::string& key) {
    return fmt::format("{0}.{2} IS NOT DISTINCT FROM {1}.{2}", left, right, key);
  });
}

std::string KeyOrder(const MergeTask& task) {
  return Joined(task.keys, ", ", [](const std::string& key) { return key + " ASC NULLS FIRST"; });
}

std::string RemainingOrder(const MergeTask& task) {
  return Joined(Names(task), ", ",
                [](const std::string& name) { return name + " ASC NULLS FIRST"; });
}

std::string Changed(const MergeTask& task, const std::string& new_row, const std::string& old_row) {
  if (task.compared.empty()) return "false";
  return Joined(task.compared, " OR ", [&](const std::string& name) {
    std::string differs = fmt::format("{0}{2} IS DISTINCT FROM {1}{2}", new_row, old_row, name);
    if (name == "et") differs = fmt::format("({}et IS NOT NULL AND {})", new_row, differs);
    return differs;
  });
}

}  // namespace weir::pipelines
