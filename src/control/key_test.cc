#include "control/key.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>

#include "base/testing/matchers.h"

namespace weir::control {
namespace {

using Parts = std::vector<Key::Part>;

Key Make(const Parts& parts) {
  Key key("space");
  for (const Key::Part& part : parts) {
    key = std::visit([&](const auto& value) { return key.With(value); }, part);
  }
  return key;
}

// Few letters, so that equal and prefixing texts come up.
rc::Gen<Parts> AnyParts() {
  const auto text = rc::gen::map(
      rc::gen::container<std::string>(rc::gen::elementOf(std::string("\0\1ab\xFF", 5))),
      [](std::string bytes) { return Key::Part(std::move(bytes)); });
  const auto number = rc::gen::map(rc::gen::arbitrary<std::int64_t>(),
                                   [](std::int64_t value) { return Key::Part(value); });
  return rc::gen::resize(4, rc::gen::container<Parts>(rc::gen::oneOf(text, number)));
}

RC_GTEST_PROP(Key, ReadsBackItsParts, ()) {
  const Parts parts = *AnyParts();
  RC_ASSERT(Make(parts).Parts() == parts);
}

RC_GTEST_PROP(Key, SortsAsItsPartsDo, ()) {
  const Parts a = *AnyParts();
  const Parts b = *AnyParts();
  RC_ASSERT((Make(a) < Make(b)) == (a < b));
  RC_ASSERT((Make(a) == Make(b)) == (a == b));
}

RC_GTEST_PROP(Key, IsAPrefixOfWhatContinuesItsParts, ()) {
  const Parts a = *AnyParts();
  Parts b = *AnyParts();
  if (*rc::gen::arbitrary<bool>()) b.insert(b.begin(), a.begin(), a.end());
  const bool continues =
      a.size() <= b.size() && std::equal(a.begin(), a.end(), b.begin(), b.begin() + a.size());
  RC_ASSERT(Make(a).IsPrefixOf(Make(b)) == continues);
  const std::string tuple = Make(b).tuple();
  RC_ASSERT((Make(a).tuple() <= tuple && tuple < Make(a).TupleEnd()) == continues);
}

RC_GTEST_PROP(Key, DecodesWhatItEncodedAndNoPieceOfIt, ()) {
  const Key key = Make(*AnyParts());
  RC_ASSERT(Key::Decode("space", key.tuple()).value() == key);
  const auto ends = key.PartEnds();
  for (std::size_t cut = 0; cut < key.tuple().size(); ++cut) {
    const bool is_end = std::find(ends.begin(), ends.end(), cut) != ends.end();
    const auto piece = Key::Decode("space", key.tuple().substr(0, cut));
    // Cutting an escaped NUL in two leaves a text that ends there.
    if (is_end) RC_ASSERT(piece.has_value());
    if (piece) RC_ASSERT(piece->tuple().size() == cut);
  }
}

TEST(Key, PutsNumbersBeforeTextsAndNegativeOnesFirst) {
  const Key key("space");
  constexpr auto kLeast = std::numeric_limits<std::int64_t>::min();
  EXPECT_LT(key.With(kLeast), key.With(-1));
  EXPECT_LT(key.With(-1), key.With(0));
  EXPECT_LT(key.With(255), key.With(256));
  EXPECT_LT(key.With(std::numeric_limits<std::int64_t>::max()), key.With(""));
  EXPECT_LT(key.With("a"), key.With("a").With(kLeast));
}

TEST(Key, RefusesBytesThatAreNoTuple) {
  for (const std::string bytes : {"\x03", "\x01\x80", "\x02text", "\x02text\xFF"}) {
    EXPECT_EQ(CodeOf(Key::Decode("space", bytes)), ErrorCode::kCorrupt);
  }
}

TEST(Key, ReadsWellToPeople) {
  EXPECT_EQ(Key("resources").With("public").With(7).ToString(), "resources/public/7");
}

}  // namespace
}  // namespace weir::control
