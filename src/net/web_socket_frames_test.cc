#include "net/web_socket_frames.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "net/utf8.h"
#include "net/web_socket_handshake.h"

namespace weir::net {
namespace {

using Opcode = WebSocketOpcode;
using Event = WebSocketReader::Event;

constexpr std::array<std::uint8_t, 4> kMask = {0x37, 0xfa, 0x21, 0x3d};

struct Heard {
  std::vector<Event> events;
  std::uint16_t violation = 0;  // its close code
};

// Feeds `bytes` in pieces of `piece`, as a socket would.
Heard Hear(std::string_view bytes, WebSocketRole role, std::size_t piece,
           std::size_t max_message_bytes = 1 << 20) {
  Heard heard;
  WebSocketReader reader(role, max_message_bytes);
  std::string pending;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    pending += bytes.substr(at, piece);
    for (std::optional<Event> event = Event{}; event;) {
      std::size_t consumed = 0;
      if (const auto violation = reader.Next(pending, consumed, event)) {
        heard.violation = violation->close_code;
        return heard;
      }
      pending.erase(0, consumed);
      if (event) heard.events.push_back(*event);
    }
  }
  return heard;
}

std::string FromServer(Opcode opcode, const std::string& payload) {
  return WebSocketFrameHead(opcode, payload.size(), std::nullopt) + payload;
}

std::string FromClient(Opcode opcode, std::string payload) {
  const std::string head = WebSocketFrameHead(opcode, payload.size(), kMask);
  ApplyMask(payload, kMask);
  return head + payload;
}

TEST(WebSocketFrames, ExamplesOfTheStandardAreRead) {
  const std::string masked = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
  EXPECT_EQ(FromClient(Opcode::kText, "Hello"), masked);
  EXPECT_EQ(Hear(masked, WebSocketRole::kServer, 1).events.at(0).data, "Hello");
  const std::string fragments{"\x01\x03Hel\x89\x00\x80\x02lo", 11};
  const Heard heard = Hear(fragments, WebSocketRole::kClient, 3);
  ASSERT_EQ(heard.events.size(), 2U);
  EXPECT_EQ(heard.events[0].opcode, Opcode::kPing);
  EXPECT_EQ(heard.events[1].data, "Hello");
  EXPECT_EQ(heard.events[1].opcode, Opcode::kText);
}

TEST(WebSocketFrames, CloseHasACodeAndAReason) {
  const auto close = [](const std::string& payload) {
    return Hear(FromServer(Opcode::kClose, payload), WebSocketRole::kClient, 100);
  };
  const Heard heard = close(ClosePayload(1001, "going"));
  EXPECT_EQ(heard.events.at(0).close_code, 1001);
  EXPECT_EQ(heard.events.at(0).data, "going");
  EXPECT_EQ(close("").events.at(0).close_code, close_code::kNone);
  EXPECT_EQ(close("x").violation, close_code::kProtocolError);
  EXPECT_EQ(close(ClosePayload(1005, "")).violation, close_code::kProtocolError);
  EXPECT_EQ(close(ClosePayload(999, "")).violation, close_code::kProtocolError);
  EXPECT_EQ(close(std::string("\x03\xe8\xff", 3)).violation, close_code::kInvalidText);
  EXPECT_EQ(ClosePayload(1000, std::string(122, 'x') + "\xC3\xA9").size(), 124U)
      << "a reason is cut between characters";
}

TEST(WebSocketFrames, BreachesOfTheProtocolAreFound) {
  const std::pair<std::string, std::uint16_t> cases[] = {
      {std::string("\xc1\x80\0\0\0\0", 6), close_code::kProtocolError},        // reserved bit
      {std::string("\x83\x80\0\0\0\0", 6), close_code::kProtocolError},        // unknown opcode
      {std::string("\x81\x00", 2), close_code::kProtocolError},                // not masked
      {std::string("\x09\x80\0\0\0\0", 6), close_code::kProtocolError},        // ping in fragments
      {std::string("\x89\xfe\0\x7e\0\0\0\0", 8), close_code::kProtocolError},  // long ping
      {std::string("\x80\x80\0\0\0\0", 6), close_code::kProtocolError},        // continues nothing
      {std::string("\x82\xfe\0\x7d\0\0\0\0", 8), close_code::kProtocolError},  // long form
      {std::string("\x01\x80\0\0\0\0\x81\x80\0\0\0\0", 12), close_code::kProtocolError},
      {std::string("\x82\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14), close_code::kTooLarge},
      {FromClient(Opcode::kText, "\xc3\x28"), close_code::kInvalidText},
      {FromClient(Opcode::kBinary, std::string(1'001, 'x')), close_code::kTooLarge},
  };
  for (const auto& [bytes, code] : cases) {
    EXPECT_EQ(Hear(bytes, WebSocketRole::kServer, 1, 1'000).violation, code)
        << testing::PrintToString(bytes.substr(0, 14));
  }
  EXPECT_EQ(Hear(FromClient(Opcode::kText, "x"), WebSocketRole::kClient, 9).violation,
            close_code::kProtocolError)
      << "a server does not mask";
}

TEST(WebSocketFrames, FragmentsTogetherKeepToTheLimit) {
  std::string bytes = FromClient(Opcode::kBinary, std::string(600, 'x'));
  bytes[0] = '\x02';  // not the last
  bytes += FromClient(Opcode::kContinuation, std::string(600, 'x'));
  EXPECT_EQ(Hear(bytes, WebSocketRole::kServer, 50, 1'000).violation, close_code::kTooLarge);
  EXPECT_EQ(Hear(bytes, WebSocketRole::kServer, 50, 1'200).events.at(0).data.size(), 1'200U);
}

RC_GTEST_PROP(WebSocketFrames, AnyMessagesInAnyPiecesComeOutAsTheyWent,
              (std::vector<std::string> messages)) {
  const bool to_server = *rc::gen::arbitrary<bool>();
  std::string bytes;
  for (std::string& message : messages) {
    if (*rc::gen::inRange(0, 10) == 0) message.resize(message.size() + 66'000, 'l');
    bytes +=
        to_server ? FromClient(Opcode::kBinary, message) : FromServer(Opcode::kBinary, message);
  }
  const Heard heard = Hear(bytes, to_server ? WebSocketRole::kServer : WebSocketRole::kClient,
                           *rc::gen::inRange<std::size_t>(1, 9'000));
  RC_ASSERT(heard.violation == 0);
  RC_ASSERT(heard.events.size() == messages.size());
  for (std::size_t i = 0; i < messages.size(); ++i) RC_ASSERT(heard.events[i].data == messages[i]);
}

TEST(WebSocketHandshake, AnswersTheKeyOfTheStandard) {
  EXPECT_EQ(WebSocketAcceptOf("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  const auto rng = SeededRng(1);
  EXPECT_EQ(MakeWebSocketKey(*rng).size(), 24U);
}

TEST(Utf8, OnlyShortestFormsOfScalarsAreWellFormed) {
  for (const std::string_view good :
       {"", "a", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF", "h\xC3\xA9 \xE2\x82\xAC"}) {
    EXPECT_TRUE(IsUtf8(good)) << good;
  }
  for (const std::string_view bad :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xE2\x82", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(IsUtf8(bad)) << bad;
  }
}

}  // namespace
}  // namespace weir::net
