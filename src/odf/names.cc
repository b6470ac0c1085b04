#include "odf/names.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace weir::odf {
namespace {

constexpr std::size_t kLongestName = 253;  // of a host name, RFC 1035

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Letters and digits, with '-' and '.' only between two of them.
bool IsHostname(std::string_view text) {
  bool after_alnum = false;
  for (const char c : text) {
    if (IsAlnum(c)) {
      after_alnum = true;
    } else if ((c == '-' || c == '.') && after_alnum) {
      after_alnum = false;
    } else {
      return false;
    }
  }
  return after_alnum;
}

bool IsUrlScheme(std::string_view scheme) {
  return !scheme.empty() &&
         std::all_of(scheme.begin(), scheme.end(), [](char c) { return IsAlnum(c) || c == '+'; }) &&
         scheme.front() != '+' && scheme.back() != '+';
}

bool IsDid(std::string_view text) { return text.starts_with("did:"); }

std::vector<std::string_view> SplitSlashes(std::string_view text) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

Status CheckName(std::string_view what, std::string_view name) {
  if (name.size() <= kLongestName && IsHostname(name)) return Ok();
  return Invalid("\"{}\" is no {}", name.substr(0, kLongestName), what)
      .WithHint("letters and digits, with single '-' or '.' between them");
}

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

Result<DatasetAlias> DatasetAlias::Parse(std::string_view text) {
  const auto parts = SplitSlashes(text);
  if (parts.size() > 2) {
    return Invalid("\"{}\" is no dataset name: it has more than one '/'", text.substr(0, 600));
  }
  RETURN_IF_ERROR(CheckName("dataset name", parts.back()));
  DatasetAlias alias{.account = std::nullopt, .name = std::string(parts.back())};
  if (parts.size() == 2) {
    RETURN_IF_ERROR(CheckName("account name", parts.front()));
    alias.account = parts.front();
  }
  return alias;
}

std::string DatasetAlias::ToString() const { return account ? *account + "/" + name : name; }

bool DatasetAlias::operator==(const DatasetAlias& other) const {
  if (account.has_value() != other.account.has_value()) return false;
  return (!account || SameName(*account, *other.account)) && SameName(name, other.name);
}

Result<DatasetRef> ParseDatasetRef(std::string_view text) {
  if (IsDid(text)) {
    ASSIGN_OR_RETURN(const DatasetId id, DatasetId::Parse(text));
    return DatasetRef(id);
  }
  ASSIGN_OR_RETURN(DatasetAlias alias, DatasetAlias::Parse(text));
  return DatasetRef(std::move(alias));
}

std::string ToString(const DatasetRef& ref) {
  return std::visit([](const auto& one) { return one.ToString(); }, ref);
}

Result<RemoteRef> ParseRemoteRef(std::string_view text) {
  if (const std::size_t colon = text.find("://"); colon != std::string_view::npos) {
    const bool one_line = text.find('\n') == std::string_view::npos;
    if (!IsUrlScheme(text.substr(0, colon)) || !one_line || colon + 3 == text.size()) {
      return Invalid("\"{}\" is no URL of a dataset", text.substr(0, 600));
    }
    return RemoteRef(RemoteUrl{std::string(text)});
  }
  const std::size_t slash = text.find('/');
  if (IsDid(text) || (slash != std::string_view::npos && IsDid(text.substr(slash + 1)))) {
    RemoteId remote;
    if (!IsDid(text)) {
      RETURN_IF_ERROR(CheckName("repository name", text.substr(0, slash)));
      remote.repository = text.substr(0, slash);
      text.remove_prefix(slash + 1);
    }
    ASSIGN_OR_RETURN(remote.id, DatasetId::Parse(text));
    return RemoteRef(std::move(remote));
  }
  if (slash == std::string_view::npos) {
    return Invalid("\"{}\" names no repository", text.substr(0, 600))
        .WithHint("repository/name, repository/account/name, a DID or a URL");
  }
  RETURN_IF_ERROR(CheckName("repository name", text.substr(0, slash)));
  ASSIGN_OR_RETURN(DatasetAlias alias, DatasetAlias::Parse(text.substr(slash + 1)));
  return RemoteRef(RemoteAlias{std::string(text.substr(0, slash)), std::move(alias)});
}

std::string ToString(const RemoteRef& ref) {
  if (const auto* alias = std::get_if<RemoteAlias>(&ref)) {
    return alias->repository + "/" + alias->alias.ToString();
  }
  if (const auto* remote = std::get_if<RemoteId>(&ref)) {
    return (remote->repository ? *remote->repository + "/" : "") + remote->id.ToString();
  }
  return std::get<RemoteUrl>(ref).url;
}

bool MatchesPattern(std::string_view pattern, std::string_view name) {
  // The classic two-pointer match: go back to the last % when a character does not fit.
  std::size_t p = 0;
  std::size_t n = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '%') {
      star = p++;
      resume = n;
    } else if (p < pattern.size() && Lower(pattern[p]) == Lower(name[n])) {
      ++p;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '%') ++p;
  return p == pattern.size();
}

}  // namespace weir::odf
