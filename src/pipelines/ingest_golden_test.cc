#include <gtest/gtest.h>

#include "base/files.h"
#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "datasets/testing/dataset_home.h"
#include "odf/codec.h"
#include "pipelines/ingest.h"

namespace weir::pipelines {
namespace {

const std::string kGolden = std::string(WEIR_TEST_DATA) + "/odf/";

// The golden chain's blocks before its first data, in a home of ours.
class GoldenChain {
 public:
  GoldenChain() {
    const auto seed =
        Event("f1620b7362eca70b980c050f6b90f5d3dd878bc87dc675218f9c5e747ae52200a1d89");
    id_ = std::get<odf::Seed>(seed.value).dataset_id;
    datasets::AppendRequest request{.id = id_, .system_time = TimeOf("2050-01-01T12:00:00Z")};
    request.blocks.push_back({.event = seed});
    for (const char* hash :
         {"f16205ad4bbaf224121780e1cbcf8e4652fde991b68ea18c750dff0c66ab6deb82786",
          "f1620ff4fbacf991881d8b3d620eafe9836d77b2e6d9163ab1789e25c41a66f50c853",
          "f16202b4a7b3f8ee9b33e907c67c578a57704a8dc3cc632fbdab1520cfff9f0483aae",
          "f16201507b5e2c20e60f41875f8cb75dff628ac5ac041af0745fc3e5951ea130602a0"}) {
      request.blocks.push_back({.event = Event(hash)});
    }
    home_.chains().Append(home_.context(), request).value();
  }

  IngestReport Push(const std::string& file, std::string_view time) {
    FakeClock clock(TimeOf(time));
    datasets::StateStore states(home_.chains(), home_.files(), "/states");
    Ingestor ingestor(home_.chains(), states, home_.files(), clock, {.scratch = scratch_.path()});
    const PushRequest request{.dataset = id_,
                              .input = PosixFiles().Open(kGolden + "input/" + file).value(),
                              .input_name = file};
    return ingestor.Push(home_.context(), request).value();
  }

  std::string HashOfBlock(std::uint64_t sequence_number) {
    return home_.chains().FindBlock(home_.context(), id_, sequence_number)->hash.ToText();
  }

  odf::AddData DataOfBlock(std::uint64_t sequence_number) {
    const auto row = home_.chains().FindBlock(home_.context(), id_, sequence_number).value();
    const auto bytes = home_.chains().ReadBlock(home_.context(), id_, row).value();
    return std::get<odf::AddData>(odf::DecodeBlock(bytes)->block.event.value);
  }

  static odf::MetadataEvent Event(const std::string& hash) {
    const auto bytes = PosixFiles().ReadAll(kGolden + "kamu-dataset/population/blocks/" + hash);
    return odf::DecodeBlock(AsBytes(*bytes))->block.event;
  }

 private:
  static Timestamp TimeOf(std::string_view text) { return ParseTimestamp(text).value(); }

  datasets::DatasetHome home_;
  TempDir scratch_;
  odf::DatasetId id_;
};

// The physical file is the writer's own; all else is the reference's.
void ExpectSame(odf::AddData ours, odf::AddData reference) {
  for (odf::AddData* data : {&ours, &reference}) {
    data->new_data->physical_hash = {};
    data->new_data->size = 0;
  }
  EXPECT_EQ(ours, reference);
}

// Goal: the same inputs at the same system times give the reference's chain: every block up to the
// schema bit for bit, and the data events but for the Parquet files' bytes.
TEST(IngestGolden, TheSameInputsGiveTheChainOfTheReference) {
  GoldenChain chain;
  EXPECT_EQ(chain.Push("p1.ndjson", "2050-01-02T12:00:00Z").rows, 3u);
  EXPECT_EQ(chain.Push("p2.ndjson", "2050-01-03T12:00:00Z").rows, 6u);
  EXPECT_FALSE(chain.Push("p2.ndjson", "2050-01-04T12:00:00Z").is_committed);
  EXPECT_EQ(chain.HashOfBlock(5),
            "f162050d0f5a1cd4a7d925c64bb4315d5c255bce1a7e090a141978b4bfaf93194382c");
  const auto reference = [](const std::string& hash) {
    return std::get<odf::AddData>(GoldenChain::Event(hash).value);
  };
  ExpectSame(chain.DataOfBlock(6),
             reference("f1620132d9dd360191ac723cbdb59f8a5655c43320bf5a06ad42bbd6be84a9ab1e0ba"));
  ExpectSame(chain.DataOfBlock(7),
             reference("f162096a06b3b09ac4376965c139465043582352a1a8d957246f3acbd7d7e4f8483fd"));
}

}  // namespace
}  // namespace weir::pipelines
