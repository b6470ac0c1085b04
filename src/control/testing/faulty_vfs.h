#pragma once

#include <sqlite3.h>

#include <array>
#include <string>
#include <vector>

#include "control/testing/faulty_disk.h"

namespace weir::control {

/// The memory that connections to one database share, and the locks on its eight slots.
struct FaultyDisk::SharedMemory {
  struct Slot {
    int shared = 0;
    const void* exclusive = nullptr;
  };
  std::vector<std::unique_ptr<std::string>> regions;
  std::array<Slot, SQLITE_SHM_NLOCK> slots;
};

/// A FaultyDisk as SQLite sees it, for as long as this object lives.
struct FaultyDisk::Registration {
  explicit Registration(FaultyDisk& disk);
  ~Registration();

  std::string name;
  sqlite3_vfs vfs{};
};

}  // namespace weir::control
