#include "api/authenticator.h"

#include <gtest/gtest.h>

#include "base/testing/matchers.h"

namespace weir::api {
namespace {

// "weir:secret-token" and "weir:wrong" in base64.
constexpr const char* kBasic = "Basic d2VpcjpzZWNyZXQtdG9rZW4=";
constexpr const char* kWrongBasic = "Basic d2Vpcjp3cm9uZw==";

Result<Principal> Ask(Method method, Door door, std::optional<std::string> authorization) {
  const TokenAuthenticator authenticator("secret-token");
  Request request{.method = method, .door = door};
  if (authorization) request.headers.Set("authorization", *authorization);
  return authenticator.Authenticate(request);
}

TEST(TokenAuthenticator, TheTokenIsTheOwner) {
  for (const char* header :
       {"Bearer secret-token", "bearer secret-token", "BEARER  secret-token"}) {
    EXPECT_EQ(Ask(Method::kPost, Door::kNetwork, header).value().name, "owner") << header;
  }
}

TEST(TokenAuthenticator, AnythingElseOnTheNetworkIsNobody) {
  EXPECT_EQ(CodeOf(Ask(Method::kGet, Door::kNetwork, std::nullopt)), ErrorCode::kUnauthenticated);
  for (const std::string& header :
       {std::string(""), std::string("Bearer"), std::string("Bearer "), std::string("Bearer wrong"),
        std::string("Bearer secret-token2"), std::string("Bearer secret-toke"),
        std::string("secret-token"), std::string("Token secret-token"),
        "Bearer " + std::string(5000, 'x'), std::string("Basic"), std::string("Basic !!!!"),
        std::string(kWrongBasic), std::string("Basic c2VjcmV0LXRva2Vu")}) {
    EXPECT_EQ(CodeOf(Ask(Method::kGet, Door::kNetwork, header)), ErrorCode::kUnauthenticated)
        << header.substr(0, 40);
  }
}

TEST(TokenAuthenticator, TheHomesSocketAndTheProcessItselfNeedNoToken) {
  EXPECT_EQ(Ask(Method::kPost, Door::kSocket, std::nullopt).value().name, "owner");
  EXPECT_EQ(Ask(Method::kPost, Door::kInProcess, std::nullopt).value().name, "owner");
}

// A browser sends Basic credentials with requests that other sites make; reading is all they do.
TEST(TokenAuthenticator, BasicReadsAndChangesNothing) {
  EXPECT_TRUE(Ask(Method::kGet, Door::kNetwork, kBasic));
  EXPECT_TRUE(Ask(Method::kHead, Door::kNetwork, kBasic));
  for (const Method method :
       {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete, Method::kOptions}) {
    EXPECT_EQ(CodeOf(Ask(method, Door::kNetwork, kBasic)), ErrorCode::kUnauthenticated);
  }
}

TEST(TokenAuthenticator, MessagesRepeatNoCredential) {
  const Error error = Ask(Method::kGet, Door::kNetwork, "Bearer hunter2").error();
  EXPECT_EQ((error.message + error.hint).find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace weir::api
