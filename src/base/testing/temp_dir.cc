#include "base/testing/temp_dir.h"

#include <cstdlib>
#include <string>
#include <system_error>

#include "base/check.h"

namespace weir {

TempDir::TempDir() {
  std::string name = (std::filesystem::temp_directory_path() / "weir-test-XXXXXX").string();
  WEIR_CHECK_MSG(mkdtemp(name.data()) != nullptr, name);
  path_ = name;
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace weir
