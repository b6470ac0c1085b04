#include "server/config.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/nearest.h"
#include "server/config_file.h"

namespace weir::server {
namespace {

// Variables of ours that are no options: the CLI's, and the tests'.
constexpr std::array<std::string_view, 7> kOtherVariables = {
    "WEIR_HOME",    "WEIR_SERVER",      "WEIR_TOKEN", "WEIR_CONFIG",
    "WEIR_CA_FILE", "WEIR_SYSTEM_TIME", "WEIR_SEED"};

struct Said {
  std::string value;
  std::string origin;
};

const Option* FindOption(std::string_view name) {
  for (const Option& option : Options()) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

std::string NearestHint(std::string_view word, const std::vector<std::string_view>& known) {
  const auto nearest = Nearest(word, known);
  return nearest ? fmt::format("did you mean {}?", *nearest) : "weir config view lists the options";
}

class Loader {
 public:
  Loader(const ConfigSources& sources, const Files& files) : sources_(sources), files_(files) {}

  Result<Config> Load() {
    RETURN_IF_ERROR(TakeFile());
    RETURN_IF_ERROR(TakeVariables());
    RETURN_IF_ERROR(TakeFlags());
    for (const Option& option : Options()) RETURN_IF_ERROR(Settle(option));
    RETURN_IF_ERROR(CheckTogether(config_.settings));
    return std::move(config_);
  }

 private:
  Status TakeFile() {
    auto entries = ReadConfigFile(sources_.file, files_);
    if (!entries) {
      const bool absent = entries.error().code == ErrorCode::kNotFound;
      if (absent && !sources_.file_must_exist) return Ok();
      return std::move(entries).error();
    }
    const std::string name = sources_.file.filename().string();
    for (FileEntry& entry : *entries) {
      const std::string place = fmt::format("{}:{}", name, entry.line);
      if (FindOption(entry.name) == nullptr) return UnknownKey(entry, place);
      said_[entry.name] = {std::move(entry.value), "file " + place};
    }
    return Ok();
  }

  static Error UnknownKey(const FileEntry& entry, std::string_view place) {
    std::vector<std::string_view> known;
    for (const Option& option : Options()) known.push_back(option.name);
    return Invalid("{}: there is no option \"{}\"", place, entry.name)
        .WithHint(NearestHint(entry.name, known));
  }

  // An unknown variable is refused only when it looks like a slip: others set variables of this
  // prefix too, as Kubernetes does beside a service called weir (WEIR_SERVICE_HOST, WEIR_PORT).
  Status TakeVariables() {
    for (const Option& option : Options()) {
      const auto found = sources_.variables.find(option.VariableName());
      if (found == sources_.variables.end()) continue;
      said_[std::string(option.name)] = {found->second, "env " + option.VariableName()};
    }
    std::vector<std::string> names;
    for (const Option& option : Options()) names.push_back(option.VariableName());
    std::vector<std::string_view> known(kOtherVariables.begin(), kOtherVariables.end());
    known.insert(known.end(), names.begin(), names.end());
    for (const auto& [name, value] : sources_.variables) {
      if (!name.starts_with("WEIR_")) continue;
      if (std::ranges::find(known, name) != known.end()) continue;
      const std::string_view rest = std::string_view(name).substr(5);
      std::vector<std::string_view> rests;
      for (const std::string_view one : known) rests.push_back(one.substr(5));
      const auto nearest = rest == "PORT" ? std::nullopt : Nearest(rest, rests);
      if (!nearest) continue;
      return Invalid("the environment variable {} is no option", name)
          .WithHint(fmt::format("did you mean WEIR_{}?", *nearest));
    }
    return Ok();
  }

  Status TakeFlags() {
    for (const auto& [flag, value] : sources_.flags) {
      bool found = false;
      for (const Option& option : Options()) {
        if (option.FlagName() != flag) continue;
        said_[std::string(option.name)] = {value, "flag --" + flag};
        found = true;
      }
      if (!found) return Invalid("there is no option --{}", flag);
    }
    return Ok();
  }

  Status Settle(const Option& option) {
    const auto found = said_.find(option.name);
    const Said said =
        found == said_.end() ? Said{std::string(option.fallback), "default"} : found->second;
    if (Status set = option.set(config_.settings, said.value); !set) {
      Error error = std::move(set).error();
      error.message = fmt::format("option {} ({}): {}", option.name, said.origin, error.message);
      return error;
    }
    const bool hidden = option.secret && !said.value.empty();
    config_.entries.push_back({.name = std::string(option.name),
                               .value = hidden ? "****" : said.value,
                               .origin = said.origin,
                               .description = std::string(option.sentence)});
    return Ok();
  }

  const ConfigSources& sources_;
  const Files& files_;
  std::map<std::string, Said, std::less<>> said_;
  Config config_;
};

}  // namespace

Result<Config> LoadConfig(const ConfigSources& sources, const Files& files) {
  return Loader(sources, files).Load();
}

std::map<std::string, std::string> ProcessEnvironment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

}  // namespace weir::server
