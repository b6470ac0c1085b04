#include "objects/object_key.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing/matchers.h"

namespace weir::objects {
namespace {

TEST(ObjectKey, NamesWithSlashesBetweenThemAreFine) {
  for (const char* key :
       {"a", "chunks/ab/abcd", "refs/head", "with space", "ünïcode/ключ", "a..b", "dot.at.end."}) {
    EXPECT_TRUE(IsOk(CheckKey(key))) << key;
  }
}

TEST(ObjectKey, WhatCouldLeaveTheStoreOrHideInItIsRefused) {
  const std::string long_name(161, 'x');
  std::string long_key;
  while (long_key.size() <= 1024) long_key += "abcdefgh/";
  for (const std::string& key :
       {std::string(), std::string("/a"), std::string("a/"), std::string("a//b"),
        std::string("../a"), std::string("a/../b"), std::string("."), std::string(".tmp-1"),
        std::string("a/.hidden"), std::string("a\nb"), std::string("a\0b", 3), std::string("a\x7f"),
        long_name, long_key + "x"}) {
    EXPECT_EQ(CodeOf(CheckKey(key)), ErrorCode::kInvalid) << key;
  }
}

TEST(ObjectKey, TheDirectoryOfAPrefixEndsAtItsLastSlash) {
  EXPECT_EQ(DirectoryOf("chunks/a"), "chunks/");
  EXPECT_EQ(DirectoryOf("chunks/ab/"), "chunks/ab/");
  EXPECT_EQ(DirectoryOf("ch"), "");
  EXPECT_EQ(DirectoryOf(""), "");
}

}  // namespace
}  // namespace weir::objects
