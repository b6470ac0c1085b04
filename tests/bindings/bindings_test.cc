// Looks at what the loader bound when every foreign library is loaded into one process, and uses
// TLS and Parquet encryption side by side.
#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/secure_string.h>
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/encryption/encryption.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

using arrow::util::SecureString;

struct Binding {
  std::string from;
  std::string to;
  std::string symbol;
};

std::string FileOf(const std::string& path) {
  const std::string file = path.substr(path.rfind('/') + 1);
  return file.substr(0, file.find(".so"));
}

// Every binding the loader makes for a process like this one, by file names without ".so".
std::vector<Binding> BindingsOfThisProgram() {
  const std::string command = "LD_BIND_NOW=1 LD_DEBUG=bindings /proc/" + std::to_string(getpid()) +
                              "/exe --gtest_filter=Nothing.AtAll 2>&1";
  const std::regex line_form(
      R"(binding file (\S+) \[\d+\] to (\S+) \[\d+\]: normal symbol `([^']+)')");
  std::vector<Binding> bindings;
  std::unique_ptr<FILE, int (*)(FILE*)> child(popen(command.c_str(), "r"), pclose);
  std::array<char, 8192> line{};
  while (fgets(line.data(), line.size(), child.get()) != nullptr) {
    std::cmatch found;
    if (std::regex_search(line.data(), found, line_form)) {
      bindings.push_back({FileOf(found[1]), FileOf(found[2]), found[3]});
    }
  }
  return bindings;
}

bool IsOpenSsl(const std::string& file) { return file == "libssl" || file == "libcrypto"; }

bool IsArrow(const std::string& file) {
  return file.starts_with("libarrow") || file == "libparquet";
}

TEST(Bindings, AreSeenForEveryLibraryThatBringsItsOwnCopies) {
  std::set<std::string> seen;
  for (const Binding& binding : BindingsOfThisProgram()) seen.insert(binding.from);
  for (const char* library : {"libssl", "libcrypto", "libparquet", "libarrow", "libduckdb"}) {
    EXPECT_TRUE(seen.contains(library)) << library;
  }
}

TEST(Bindings, OpenSslBindsToItselfAndToNoneOfTheOthers) {
  for (const Binding& binding : BindingsOfThisProgram()) {
    if (!IsOpenSsl(binding.from)) continue;
    EXPECT_FALSE(IsArrow(binding.to) || binding.to == "libduckdb")
        << binding.from << " takes " << binding.symbol << " from " << binding.to;
  }
}

TEST(Bindings, ArrowAndDuckDbTakeNothingFromOpenSslNorFromEachOther) {
  for (const Binding& binding : BindingsOfThisProgram()) {
    const bool wrong =
        (IsArrow(binding.from) && IsOpenSsl(binding.to)) ||
        (IsArrow(binding.from) && binding.to == "libduckdb") ||
        (binding.from == "libduckdb" && (IsArrow(binding.to) || IsOpenSsl(binding.to)));
    EXPECT_FALSE(wrong) << binding.from << " takes " << binding.symbol << " from " << binding.to;
  }
}

TEST(Bindings, OurOwnCallsReachDebiansOpenSsl) {
  for (const char* name : {"EVP_DigestInit_ex", "OPENSSL_version_major", "CRYPTO_malloc"}) {
    void* address = dlsym(RTLD_DEFAULT, name);
    Dl_info info{};
    ASSERT_NE(address, nullptr) << name;
    ASSERT_NE(dladdr(address, &info), 0) << name;
    EXPECT_EQ(FileOf(info.dli_fname), "libcrypto") << name;
  }
}

std::shared_ptr<arrow::Table> NumbersTable() {
  arrow::Int64Builder builder;
  for (std::int64_t number = 0; number < 1000; ++number) {
    EXPECT_TRUE(builder.Append(number * number).ok());
  }
  return arrow::Table::Make(arrow::schema({arrow::field("n", arrow::int64())}),
                            {builder.Finish().ValueOrDie()});
}

std::shared_ptr<arrow::Buffer> WrittenEncrypted(const arrow::Table& table, const std::string& key) {
  const auto encryption =
      parquet::FileEncryptionProperties::Builder(SecureString(std::string(key))).build();
  const auto properties = parquet::WriterProperties::Builder().encryption(encryption)->build();
  const auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  EXPECT_TRUE(
      parquet::arrow::WriteTable(table, arrow::default_memory_pool(), sink, 1000, properties).ok());
  return sink->Finish().ValueOrDie();
}

std::shared_ptr<arrow::Table> ReadEncrypted(const std::shared_ptr<arrow::Buffer>& file,
                                            const std::string& key) {
  parquet::ReaderProperties properties;
  properties.file_decryption_properties(parquet::FileDecryptionProperties::Builder()
                                            .footer_key(SecureString(std::string(key)))
                                            ->build());
  parquet::arrow::FileReaderBuilder builder;
  EXPECT_TRUE(builder.Open(std::make_shared<arrow::io::BufferReader>(file), properties).ok());
  std::unique_ptr<parquet::arrow::FileReader> reader;
  EXPECT_TRUE(builder.Build(&reader).ok());
  return reader->ReadTable().ValueOrDie();
}

// A client of Debian's libssl writes its first flight of TLS; that takes keys, hashes and
// providers.
bool ClientHelloIsWritten() {
  const std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context(SSL_CTX_new(TLS_client_method()),
                                                             SSL_CTX_free);
  const std::unique_ptr<SSL, void (*)(SSL*)> client(SSL_new(context.get()), SSL_free);
  SSL_set_bio(client.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_connect_state(client.get());
  const int result = SSL_do_handshake(client.get());
  return SSL_get_error(client.get(), result) == SSL_ERROR_WANT_READ &&
         BIO_pending(SSL_get_wbio(client.get())) > 100;
}

TEST(Bindings, TlsAndParquetEncryptionWorkInTurnInOneProcess) {
  const std::string key(16, 'k');
  const auto table = NumbersTable();
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_TRUE(ClientHelloIsWritten()) << ERR_get_error();
    const auto file = WrittenEncrypted(*table, key);
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(file->ToString().substr(0, 4), "PARE");
    EXPECT_TRUE(ReadEncrypted(file, key)->Equals(*table));
  }
}

}  // namespace
