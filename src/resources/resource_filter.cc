#include "resources/resource_filter.h"

#include <algorithm>

namespace weir::resources {

bool MatchesPattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last * seen: only it is ever tried again
  std::size_t star_text = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      star_text = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++star_text;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool ResourceFilter::Matches(const ResourceId& id) const {
  if (!type.empty() && id.type != type) return false;
  if (workspace && !id.workspace.empty() && id.workspace != *workspace) return false;
  return name_pattern.empty() || MatchesPattern(name_pattern, id.name);
}

bool ResourceFilter::Matches(const ResourceId& id, const Header& header) const {
  if (!Matches(id) || (!owner.empty() && header.owner != owner)) return false;
  if (tags.empty()) return true;
  std::vector<std::string> all = SystemTags(id, header);
  all.insert(all.end(), header.tags.begin(), header.tags.end());
  return std::all_of(tags.begin(), tags.end(), [&all](const std::string& tag) {
    return std::find(all.begin(), all.end(), tag) != all.end();
  });
}

}  // namespace weir::resources
