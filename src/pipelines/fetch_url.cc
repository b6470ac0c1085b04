#include "pipelines/fetch_url.h"

#include <fmt/format.h>

#include "base/hex.h"
#include "objects/http_requester.h"
#include "pipelines/fetch_event_time.h"
#include "pipelines/http_time.h"
#include "pipelines/scratch_file.h"

namespace weir::pipelines {
namespace {

constexpr const char* kEtag = "odf/etag";
constexpr const char* kLastModified = "odf/last-modified";

// The path of file:///path or file://localhost/path, its escapes undone.
Result<std::string> PathOfFileUrl(const std::string& url) {
  std::string_view rest = std::string_view(url).substr(std::string_view("file:").size());
  if (rest.starts_with("//")) rest.remove_prefix(2);
  if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  if (!rest.starts_with('/')) return Invalid("{} is not of the form file:///PATH", url);
  std::string path;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    const auto byte = rest[i] == '%' ? FromHex(rest.substr(i + 1, 2)) : Result<Bytes>(Bytes());
    if (!byte || (rest[i] == '%' && byte->size() != 1))
      return Invalid("{} has a broken escape", url);
    path += byte->empty() ? rest[i] : static_cast<char>(byte->front());
    if (!byte->empty()) i += 2;
  }
  if (path.find('\0') != std::string::npos) return Invalid("{} has a broken escape", url);
  return path;
}

bool IsForever(const odf::FetchStepUrl& step) {
  return step.cache && std::holds_alternative<odf::SourceCachingForever>(step.cache->value);
}

// One URL over HTTP.
class HttpFetch {
 public:
  HttpFetch(const Context& context, const FetchPlace& place, const odf::FetchStepUrl& step,
            const std::optional<odf::SourceState>& state)
      : context_(context), place_(place), step_(step), state_(state) {}

  Result<std::optional<FetchedFile>> Run(const std::string& url) {
    objects::HttpRequester requester(
        {.may_connect = [&rights = place_.rights](const std::string& ip) {
          return rights.is_owner ? Status() : rights.networks.Check(ip);
        }});
    ASSIGN_OR_RETURN(net::Url parsed, net::ParseUrl(url));
    if (parsed.endpoint.address.is_unix()) return Invalid("a source is no socket");
    ASSIGN_OR_RETURN(auto fields, Fields());
    ASSIGN_OR_RETURN(auto response,
                     requester.Send(context_, {.url = std::move(parsed), .fields = fields}));
    if (response.status == 304) return std::optional<FetchedFile>();
    const odf::SourceState now = StateOf(response);
    // A server that knows no conditions sends what we have already.
    if (state_ && !now.value.empty() && now == *state_) return std::optional<FetchedFile>();
    ASSIGN_OR_RETURN(FetchedFile fetched, Receive(*response.body));
    fetched.found.state = now;
    fetched.found.name = step_.url;
    ASSIGN_OR_RETURN(fetched.found.event_time,
                     FetchedEventTime(context_, place_.bench, step_.event_time, step_.url,
                                      ParseHttpTime(response.Field("Last-Modified"))));
    return std::optional(std::move(fetched));
  }

 private:
  Result<net::HttpClient::Fields> Fields() const {
    net::HttpClient::Fields fields;
    for (const odf::RequestHeader& header :
         step_.headers.value_or(std::vector<odf::RequestHeader>())) {
      ASSIGN_OR_RETURN(std::string value, place_.rights.FillIn(header.value));
      fields.emplace_back(header.name, std::move(value));
    }
    if (!state_) return fields;
    if (state_->kind == kEtag) fields.emplace_back("If-None-Match", state_->value);
    if (state_->kind == kLastModified) {
      const auto time = ParseTimestamp(state_->value);
      if (time) fields.emplace_back("If-Modified-Since", FormatHttpTime(*time));
    }
    return fields;
  }

  static odf::SourceState StateOf(const net::HttpClient::Response& response) {
    odf::SourceState state{.source_name = kPollingSourceName, .kind = kEtag};
    state.value = std::string(response.Field("ETag"));
    if (!state.value.empty()) return state;
    const auto modified = ParseHttpTime(response.Field("Last-Modified"));
    if (modified) {
      state.kind = kLastModified;
      state.value = FormatTimestamp(*modified);
    }
    return state;
  }

  Result<FetchedFile> Receive(ByteSource& body) const {
    FetchedFile fetched;
    ASSIGN_OR_RETURN(auto received, ReceiveScratchFile(context_, place_.files, place_.scratch,
                                                       place_.least_free_bytes, body));
    fetched.path = std::move(received.path);
    fetched.found.file = std::move(received.file);
    return fetched;
  }

  const Context& context_;
  const FetchPlace& place_;
  const odf::FetchStepUrl& step_;
  const std::optional<odf::SourceState>& state_;
};

}  // namespace

Result<FetchedFile> FetchLocal(const FetchPlace& place, const std::filesystem::path& path) {
  FetchedFile fetched;
  ASSIGN_OR_RETURN(fetched.path, place.rights.CheckPath(path));
  ASSIGN_OR_RETURN(const FileInfo info, place.files.Stat(fetched.path));
  ASSIGN_OR_RETURN(fetched.found.file, place.files.Open(fetched.path));
  fetched.found.name = path.string();
  fetched.found.state = {.source_name = kPollingSourceName,
                         .kind = kLastModified,
                         .value = FormatTimestamp(info.modified)};
  fetched.found.check = [&files = place.files, path = fetched.path, info]() -> Status {
    ASSIGN_OR_RETURN(const FileInfo now, files.Stat(path));
    if (now.size == info.size && now.modified == info.modified) return Ok();
    return Unavailable("{} changed while it was read", path.string())
        .WithHint("pull again once it is whole");
  };
  return fetched;
}

Result<std::optional<FetchedFile>> FetchUrl(const Context& context, const FetchPlace& place,
                                            const odf::FetchStepUrl& step,
                                            const std::optional<odf::SourceState>& state) {
  if (state && IsForever(step)) return std::optional<FetchedFile>();
  ASSIGN_OR_RETURN(const std::string url, place.rights.FillIn(step.url));
  if (!url.starts_with("file:")) {
    if (url.starts_with("http://") || url.starts_with("https://")) {
      return HttpFetch(context, place, step, state).Run(url);
    }
    return Unimplemented("{} is of a scheme that is not fetched yet", step.url)
        .WithHint("there are file, http and https");
  }
  ASSIGN_OR_RETURN(const std::string path, PathOfFileUrl(url));
  ASSIGN_OR_RETURN(FetchedFile fetched, FetchLocal(place, path));
  // What was filled in is nobody's to read.
  if (url != step.url) fetched.found.name = step.url;
  if (state && *state == fetched.found.state) return std::optional<FetchedFile>();
  const auto modified = ParseTimestamp(fetched.found.state.value);
  ASSIGN_OR_RETURN(fetched.found.event_time,
                   FetchedEventTime(context, place.bench, step.event_time, path,
                                    modified ? std::optional(*modified) : std::nullopt));
  return std::optional(std::move(fetched));
}

}  // namespace weir::pipelines
