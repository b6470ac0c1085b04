#pragma once

#include <boost/json/object.hpp>
#include <string_view>
#include <vector>

#include "api/handler.h"
#include "api/idempotency_keys.h"
#include "api/route.h"
#include "api/route_index.h"
#include "api/services.h"

namespace weir::api {

/// Takes a request through the route table: finds the route, asks who is there, refuses what the
/// route does not say it takes, and calls its handler.
///
/// Nothing of a request is looked at before its caller is known, apart from the path of the few
/// anonymous routes: to a stranger an unknown path and a known one look the same.
///
/// Thread-safe. Made in server/wiring.cc.
class Router : public Handler {
 public:
  /// `components` holds the schemas that the routes name.
  Router(std::vector<Route> routes, boost::json::object components, Services services);

  Response Handle(const Context& context, Request request) override;
  bool Cheap(Method method, std::string_view path) const override;

 private:
  Response Answer(const Context& context, Request& request, const RouteIndex::Match& match) const;
  Outcome Serve(const Route& route, const Context& context, Request& request,
                const RouteIndex::Match& match) const;
  Outcome CallHandler(const Route& route, const Call& call) const;

  const std::vector<Route> routes_;
  const RouteIndex index_;
  const boost::json::object components_;
  const Services services_;
  const IdempotencyKeys idempotency_;
};

}  // namespace weir::api
