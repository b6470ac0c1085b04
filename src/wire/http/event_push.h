#pragma once

#include <memory>

#include "api/response.h"
#include "net/http_service.h"

namespace weir::http {

/// `events` as the bytes of a text/event-stream. An error of the source becomes a last event of
/// type "error"; a draining server ends with one of type "goodbye", after which the client comes
/// again.
std::unique_ptr<net::PushSource> PushOf(std::unique_ptr<api::EventSource> events);

/// One event as it stands in the stream. Line ends inside of id and type are dropped, for they
/// would begin a field of their own.
std::string RenderEvent(const api::Event& event);

}  // namespace weir::http
