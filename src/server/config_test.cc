#include "server/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/testing/fake_files.h"
#include "base/testing/matchers.h"

namespace weir::server {
namespace {

using testing::HasSubstr;

Result<Config> Load(const FakeFiles& files, ConfigSources sources) {
  sources.file = "/home/weir.yaml";
  return LoadConfig(sources, files);
}

Result<Config> LoadText(std::string_view text, ConfigSources sources = {}) {
  FakeFiles files;
  EXPECT_TRUE(IsOk(files.WriteDurably("/home/weir.yaml", AsBytes(text))));
  return Load(files, std::move(sources));
}

const api::ConfigEntry& EntryOf(const Config& config, std::string_view name) {
  for (const api::ConfigEntry& entry : config.entries) {
    if (entry.name == name) return entry;
  }
  static const api::ConfigEntry none;
  return none;
}

TEST(Config, EveryDefaultIsValidAndSaysThatItIsOne) {
  FakeFiles files;
  const auto config = Load(files, {});
  ASSERT_TRUE(IsOk(config));
  EXPECT_EQ(config->entries.size(), Options().size());
  for (const api::ConfigEntry& entry : config->entries) EXPECT_EQ(entry.origin, "default");
  EXPECT_EQ(config->settings.listen, "127.0.0.1:8080");
  EXPECT_EQ(config->settings.drain_timeout, std::chrono::seconds(20));
}

TEST(Config, FlagBeatsVariableBeatsFileBeatsDefault) {
  const std::string file = "listen: 127.0.0.1:1001\n";
  ConfigSources sources;
  auto config = LoadText(file, sources);
  ASSERT_TRUE(IsOk(config));
  EXPECT_EQ(config->settings.listen, "127.0.0.1:1001");
  EXPECT_EQ(EntryOf(*config, "listen").origin, "file weir.yaml:1");

  sources.variables = {{"WEIR_LISTEN", "127.0.0.1:1002"}};
  config = LoadText(file, sources);
  ASSERT_TRUE(IsOk(config));
  EXPECT_EQ(config->settings.listen, "127.0.0.1:1002");
  EXPECT_EQ(EntryOf(*config, "listen").origin, "env WEIR_LISTEN");

  sources.flags = {{"listen", "127.0.0.1:1003"}};
  config = LoadText(file, sources);
  ASSERT_TRUE(IsOk(config));
  EXPECT_EQ(config->settings.listen, "127.0.0.1:1003");
  EXPECT_EQ(EntryOf(*config, "listen").origin, "flag --listen");
}

TEST(Config, ADotIsALevelOfTheFile) {
  const auto config = LoadText("log:\n  level: debug\nhttp.max-body: 2MiB\n");
  ASSERT_TRUE(IsOk(config));
  EXPECT_EQ(config->settings.log_level, LogLevel::kDebug);
  EXPECT_EQ(config->settings.max_body_bytes, 2 << 20);
  EXPECT_EQ(EntryOf(*config, "log.level").origin, "file weir.yaml:2");
}

TEST(Config, AnUnknownKeyIsRefusedWithTheNearest) {
  const auto config = LoadText("lisen: 127.0.0.1:1\n");
  ASSERT_EQ(CodeOf(config), ErrorCode::kInvalid);
  EXPECT_EQ(config.error().message, "weir.yaml:1: there is no option \"lisen\"");
  EXPECT_EQ(config.error().hint, "did you mean listen?");
}

TEST(Config, AMisspeltVariableIsRefusedAndAForeignOneIsNot) {
  ConfigSources sources;
  sources.variables = {{"WEIR_LISTN", "127.0.0.1:1"}};
  const auto refused = LoadText("", sources);
  ASSERT_EQ(CodeOf(refused), ErrorCode::kInvalid);
  EXPECT_EQ(refused.error().hint, "did you mean WEIR_LISTEN?");

  // What Kubernetes sets beside a service called weir.
  sources.variables = {{"WEIR_SERVICE_HOST", "10.0.0.1"},
                       {"WEIR_PORT", "tcp://10.0.0.1:8080"},
                       {"WEIR_PORT_8080_TCP_ADDR", "10.0.0.1"},
                       {"WEIR_HOME", "/home"}};
  EXPECT_TRUE(IsOk(LoadText("", sources)));
}

TEST(Config, AWrongValueNamesItsOptionAndOrigin) {
  ConfigSources sources;
  sources.variables = {{"WEIR_DRAIN_TIMEOUT", "soon"}};
  const auto config = LoadText("", sources);
  ASSERT_EQ(CodeOf(config), ErrorCode::kInvalid);
  EXPECT_THAT(config.error().message,
              HasSubstr("option drain-timeout (env WEIR_DRAIN_TIMEOUT): \"soon\" is no duration"));
}

TEST(Config, WrongValuesAreRefused) {
  for (const std::string_view line :
       {"listen: nowhere", "listen: unix:/tmp/s", "tls.self-signed: maybe", "log.level: loud",
        "log.format: xml", "threads.io: -1", "threads.io: 1.5", "http.max-body: 1 MB",
        "http.max-body: 99999999999GiB", "drain-timeout: 1y", "store: mysql://db", "listen: [a]",
        "- listen", "listen: a: b"}) {
    EXPECT_EQ(CodeOf(LoadText(line)), ErrorCode::kInvalid) << line;
  }
}

TEST(Config, OptionsThatNeedEachOtherAreCheckedTogether) {
  EXPECT_EQ(CodeOf(LoadText("tls.key: a.pem\n")), ErrorCode::kInvalid);
  EXPECT_EQ(CodeOf(LoadText("tls: {key: a, certificate: b, self-signed: true}\n")),
            ErrorCode::kInvalid);
  EXPECT_TRUE(IsOk(LoadText("tls: {key: a, certificate: b}\n")));
}

TEST(Config, ASecretIsNeverShown) {
  const auto config = LoadText("store: postgres://ann:hunter2@db/weir\n");
  ASSERT_TRUE(IsOk(config));
  EXPECT_EQ(config->settings.store_url, "postgres://ann:hunter2@db/weir");
  EXPECT_EQ(EntryOf(*config, "store").value, "****");
  const auto wrong = LoadText("store: mysql://ann:hunter2@db/weir\n");
  ASSERT_EQ(CodeOf(wrong), ErrorCode::kInvalid);
  EXPECT_THAT(wrong.error().message, testing::Not(HasSubstr("hunter2")));
}

TEST(Config, AFileThatWasNamedMustBeThere) {
  FakeFiles files;
  ConfigSources sources{.file = "/etc/weir.yaml"};
  EXPECT_TRUE(IsOk(LoadConfig(sources, files)));
  sources.file_must_exist = true;
  EXPECT_EQ(CodeOf(LoadConfig(sources, files)), ErrorCode::kNotFound);
}

TEST(Config, EveryOptionHasASentenceAndNamesOfItsOwn) {
  std::map<std::string, int> seen;
  for (const Option& option : Options()) {
    EXPECT_TRUE(option.sentence.ends_with('.')) << option.name;
    EXPECT_EQ(++seen[option.FlagName()], 1) << option.name;
    EXPECT_THAT(ConfigReference(), HasSubstr("`" + std::string(option.name) + "`"));
  }
}

}  // namespace
}  // namespace weir::server
