#include "server/settings.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "net/address.h"
#include "objects/object_url.h"
#include "server/option_values.h"

namespace weir::server {
namespace {

template <auto Member>
Status SetText(Settings& settings, std::string_view text) {
  settings.*Member = std::string(text);
  return Ok();
}

template <auto Member>
Status SetSwitch(Settings& settings, std::string_view text) {
  ASSIGN_OR_RETURN(settings.*Member, ParseSwitch(text));
  return Ok();
}

template <auto Member, std::int64_t kLeast, std::int64_t kMost>
Status SetNumber(Settings& settings, std::string_view text) {
  ASSIGN_OR_RETURN(settings.*Member, ParseNumber(text, kLeast, kMost));
  return Ok();
}

template <auto Member>
Status SetSize(Settings& settings, std::string_view text) {
  ASSIGN_OR_RETURN(settings.*Member, ParseSize(text));
  return Ok();
}

template <auto Member>
Status SetDuration(Settings& settings, std::string_view text) {
  ASSIGN_OR_RETURN(settings.*Member, ParseDuration(text));
  return Ok();
}

Status SetListen(Settings& settings, std::string_view text) {
  ASSIGN_OR_RETURN(const net::Address address, net::ParseAddress(text));
  if (address.is_unix()) {
    return Invalid("\"{}\" is a socket path; the home has its own socket, run/weir.sock", text);
  }
  settings.listen = std::string(text);
  return Ok();
}

Status SetStoreUrl(Settings& settings, std::string_view text) {
  const bool known =
      text.empty() || text.starts_with("postgres://") || text.starts_with("postgresql://");
  // The text may hold a password, so it is not repeated.
  if (!known) return Invalid("the store is empty (embedded) or a postgres:// address");
  settings.store_url = std::string(text);
  return Ok();
}

template <std::string Settings::*kUrl>
Status SetObjectsUrl(Settings& settings, std::string_view text) {
  if (!text.empty()) RETURN_IF_ERROR(objects::ParseObjectUrl(text));
  settings.*kUrl = std::string(text);
  return Ok();
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> words;
  std::istringstream parts{std::string(text)};
  for (std::string word; parts >> word;) words.push_back(std::move(word));
  return words;
}

template <auto Member>
Status SetWords(Settings& settings, std::string_view text) {
  settings.*Member = Words(text);
  return Ok();
}

Status SetSourcePaths(Settings& settings, std::string_view text) {
  settings.source_paths = Words(text);
  for (const std::string& path : settings.source_paths) {
    if (!path.starts_with('/')) return Invalid("{} is no absolute path", path);
  }
  return Ok();
}

Status SetSourceNetworks(Settings& settings, std::string_view text) {
  const std::vector<std::string> listed = Words(text);
  ASSIGN_OR_RETURN(settings.source_networks, net::AllowedNetworks::Parse(listed));
  return Ok();
}

Status SetLogLevel(Settings& settings, std::string_view text) {
  ASSIGN_OR_RETURN(settings.log_level, ParseLogLevel(text));
  return Ok();
}

Status SetLogFormat(Settings& settings, std::string_view text) {
  if (text != "auto" && text != "text" && text != "json") {
    return Invalid("\"{}\" is no log format; there are auto, text and json", text);
  }
  settings.log_format = std::string(text);
  return Ok();
}

constexpr std::array kOptions = {
    Option{"listen", "ADDRESS", "127.0.0.1:8080",
           "Where the HTTP door listens, HOST:PORT. Beyond loopback it needs TLS; port 0 takes any "
           "free one.",
           false, SetListen},
    Option{"tls.certificate", "FILE", "",
           "PEM file of the certificate and its chain; it is read again on SIGHUP.", false,
           SetText<&Settings::tls_certificate>},
    Option{"tls.key", "FILE", "", "PEM file of the certificate's private key.", false,
           SetText<&Settings::tls_key>},
    Option{"tls.self-signed", "BOOL", "false",
           "Make a self-signed certificate in the home's keys/ and use it.", false,
           SetSwitch<&Settings::tls_self_signed>},
    Option{"store", "URL", "",
           "Where the control store is: postgres://... for a shared one, empty for the file "
           "control.db in the home.",
           true, SetStoreUrl},
    Option{
        "datasets.store", "URL", "",
        "Where the repositories of datasets are: s3://bucket/prefix?endpoint=..., a directory, or "
        "empty for the folder datasets/ in the home.",
        false, SetObjectsUrl<&Settings::datasets_url>},
    Option{
        "datasets.derivatives", "URL", "",
        "Where those of derivatives are, which can be computed again; empty for where all others "
        "are. Move what is there before this is changed.",
        false, SetObjectsUrl<&Settings::derivatives_url>},
    Option{"log.level", "LEVEL", "info",
           "The least level that is logged: debug, info, warn, error or off.", false, SetLogLevel},
    Option{"log.format", "FORMAT", "auto",
           "text or json; auto is text on a terminal and json otherwise.", false, SetLogFormat},
    Option{"threads.io", "NUMBER", "0", "Threads that read and write sockets; 0: one per core.",
           false, SetNumber<&Settings::io_threads, 0, 256>},
    Option{"threads.workers", "NUMBER", "0",
           "Threads that run requests; 0: four per core, at least eight.", false,
           SetNumber<&Settings::worker_threads, 0, 4096>},
    Option{"http.max-connections", "NUMBER", "8192",
           "Connections at one time; further ones are refused.", false,
           SetNumber<&Settings::max_connections, 1, 1'000'000>},
    Option{"http.max-body", "SIZE", "1GiB", "The largest request body; a route may allow less.",
           false, SetSize<&Settings::max_body_bytes>},
    Option{"ingest.memory", "SIZE", "1GiB",
           "Memory for reading, sorting and merging one file; what needs more goes to the disk.",
           false, SetSize<&Settings::ingest_memory_bytes>},
    Option{"cache.size", "SIZE", "16GiB",
           "What kept states, packed slices and working state may take up in the home's cache/; "
           "what was not of use for the longest time goes first, and is made again when it is.",
           false, SetSize<&Settings::cache_bytes>},
    Option{"cache.packing", "PERCENT", "50",
           "How much of one core a server spends at most on packing small slices; 0: none are "
           "packed, except by `weir pack`.",
           false, SetNumber<&Settings::cache_packing, 0, 100>},
    Option{"sources.paths", "DIRECTORIES", "",
           "Directories, separated by spaces, whose files the sources of datasets may read on a "
           "server.",
           false, SetSourcePaths},
    Option{"sources.commands", "COMMANDS", "",
           "Commands, separated by spaces, that sources may pipe data through on a server.", false,
           SetWords<&Settings::source_commands>},
    Option{"sources.env", "NAMES", "",
           "Variables of the environment, separated by spaces, that sources may use on a server.",
           false, SetWords<&Settings::source_env>},
    Option{"sources.networks", "NETWORKS", "",
           "Networks beside the public one, separated by spaces, that sources may fetch from: "
           "127.0.0.1 10.1.0.0/16.",
           false, SetSourceNetworks},
    Option{"http.request-timeout", "DURATION", "60s",
           "How long a request may take when it does not say itself.", false,
           SetDuration<&Settings::request_timeout>},
    Option{"http.idle-timeout", "DURATION", "60s",
           "How long a connection may stay open between two requests.", false,
           SetDuration<&Settings::idle_timeout>},
    Option{"drain-timeout", "DURATION", "20s",
           "How long requests that are running may take to finish when the server stops.", false,
           SetDuration<&Settings::drain_timeout>},
};

}  // namespace

std::string Option::FlagName() const {
  std::string flag(name);
  std::ranges::replace(flag, '.', '-');
  return flag;
}

std::string Option::VariableName() const {
  std::string variable = "WEIR_";
  for (const char c : name) {
    const bool letter = c >= 'a' && c <= 'z';
    variable += letter ? static_cast<char>(c - 'a' + 'A') : '_';
  }
  return variable;
}

std::span<const Option> Options() { return kOptions; }

Status CheckTogether(const Settings& settings) {
  if (settings.tls_certificate.empty() != settings.tls_key.empty()) {
    return Invalid("tls.certificate and tls.key are given together or not at all");
  }
  if (settings.tls_self_signed && !settings.tls_certificate.empty()) {
    return Invalid("tls.self-signed makes its own certificate, and tls.certificate names another")
        .WithHint("give one of the two");
  }
  return Ok();
}

}  // namespace weir::server
