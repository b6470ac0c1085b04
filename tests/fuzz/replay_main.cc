// Feeds a corpus to a fuzzer without libFuzzer: each file as it is, then cut short, then with bytes
// changed. The seed is fixed, so a test that fails fails again.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

constexpr int kMutationsPerFile = 200;

void Feed(const std::string& input) {
  // A heap block of the exact size, so that AddressSanitizer sees a read past the end.
  const std::vector<std::uint8_t> bytes(input.begin(), input.end());
  LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

std::string Mutated(std::string input, std::mt19937_64& rng) {
  if (input.empty()) return input;
  if (rng() % 4 == 0) return input.substr(0, rng() % input.size());
  const std::size_t changes = 1 + rng() % 4;
  for (std::size_t change = 0; change < changes; ++change) {
    input[rng() % input.size()] = static_cast<char>(rng() % 256);
  }
  return input;
}

std::vector<std::filesystem::path> FilesIn(const char* folder) {
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, absent)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t replayed = 0;
  std::mt19937_64 rng(20240229);  // NOLINT(cert-msc51-cpp): the same inputs on every machine
  for (int argument = 1; argument < argc; ++argument) {
    for (const auto& path : FilesIn(argv[argument])) {
      std::ifstream file(path, std::ios::binary);
      const std::string input{std::istreambuf_iterator<char>(file), {}};
      Feed(input);
      for (int mutation = 0; mutation < kMutationsPerFile; ++mutation) Feed(Mutated(input, rng));
      ++replayed;
    }
  }
  Feed("");
  std::printf("replayed %zu files of the corpus\n", replayed);
  return replayed == 0 ? 1 : 0;
}
