#include "cli/event_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace weir::cli {
namespace {

std::vector<api::Event> EventsIn(std::string_view text, std::size_t piece) {
  EventParser parser;
  std::vector<api::Event> events;
  for (std::size_t at = 0; at < text.size(); at += piece) {
    parser.Add(text.substr(at, piece));
    while (auto event = parser.Take()) events.push_back(*std::move(event));
  }
  return events;
}

// Goal: it does not matter how the stream was cut. Method: every size of piece.
TEST(EventParser, ReadsEventsHoweverTheyArrive) {
  const std::string text =
      ": heartbeat\n\n"
      "event: applied\nid: 7\ndata: {\"a\":1}\n\n"
      "data: one\r\ndata: two\r\n\r\n"
      "id: 9\n\n"
      "event:bookmark\rid:10\rdata:\r\r\n"
      "data: unfinished";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    const std::vector<api::Event> events = EventsIn(text, piece);
    ASSERT_EQ(events.size(), 3U) << piece;
    EXPECT_EQ(events[0].type, "applied");
    EXPECT_EQ(events[0].id, "7");
    EXPECT_EQ(events[0].data, "{\"a\":1}");
    EXPECT_EQ(events[1].data, "one\ntwo");
    EXPECT_EQ(events[2].type, "bookmark");
    EXPECT_EQ(events[2].id, "10");
  }
}

}  // namespace
}  // namespace weir::cli
