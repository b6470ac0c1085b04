// The glue between SQLite's C interface for file systems (https://www.sqlite.org/vfs.html) and a
// FaultyDisk. SQLite makes room for an OpenFile and fills it by xOpen.
#include "control/testing/faulty_vfs.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>

#include "base/check.h"

namespace weir::control {
namespace {

constexpr int kMaxPath = 512;

}  // namespace

struct FaultyVfs {
  struct OpenFile {
    sqlite3_file base;  // first: SQLite's view of it
    FaultyDisk* disk;
    std::shared_ptr<FaultyDisk::Node> node;
    int generation;
    int lock;               // SQLITE_LOCK_*
    unsigned shared_slots;  // bits: slots of shared memory that this file holds
    bool deletes_on_close;
    std::string path;

    bool IsDead() const { return generation != disk->generation_; }
  };

  static OpenFile& Of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
  static FaultyDisk& DiskOf(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out) {
    FaultyDisk& disk = DiskOf(vfs);
    const std::lock_guard lock(disk.mutex_);
    static std::atomic<int> temporaries = 0;
    const std::string name = path != nullptr ? path : "/temporary-" + std::to_string(++temporaries);
    file->pMethods = nullptr;
    auto found = disk.nodes_.find(name);
    if (found == disk.nodes_.end()) {
      if ((flags & SQLITE_OPEN_CREATE) == 0 || disk.read_only_) return SQLITE_CANTOPEN;
      found = disk.nodes_.emplace(name, std::make_shared<FaultyDisk::Node>()).first;
    }
    if (disk.read_only_) flags = (flags & ~SQLITE_OPEN_READWRITE) | SQLITE_OPEN_READONLY;
    auto* open = new (file) OpenFile{};
    open->base.pMethods = Methods();
    open->disk = &disk;
    open->node = found->second;
    open->generation = disk.generation_;
    open->deletes_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    open->path = name;
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
  }

  static int Delete(sqlite3_vfs* vfs, const char* path, int /*sync*/) {
    FaultyDisk& disk = DiskOf(vfs);
    const std::lock_guard lock(disk.mutex_);
    return disk.nodes_.erase(path) > 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
  }

  static int Access(sqlite3_vfs* vfs, const char* path, int flags, int* out) {
    FaultyDisk& disk = DiskOf(vfs);
    const std::lock_guard lock(disk.mutex_);
    *out = disk.nodes_.contains(path) && !(flags == SQLITE_ACCESS_READWRITE && disk.read_only_);
    return SQLITE_OK;
  }

  static int FullPathname(sqlite3_vfs*, const char* path, int size, char* out) {
    if (static_cast<int>(std::strlen(path)) >= size) return SQLITE_CANTOPEN;
    std::strcpy(out, path);
    return SQLITE_OK;
  }

  static int Close(sqlite3_file* file) {
    OpenFile& open = Of(file);
    {
      const std::lock_guard lock(open.disk->mutex_);
      Unlocked(open, SQLITE_LOCK_NONE);
      ReleaseSlots(open);
      if (open.deletes_on_close && !open.IsDead()) open.disk->nodes_.erase(open.path);
    }
    open.~OpenFile();
    return SQLITE_OK;
  }

  static int Read(sqlite3_file* file, void* buffer, int size, sqlite3_int64 offset) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (open.IsDead()) return SQLITE_IOERR_READ;
    const std::string& content = open.node->file.content();
    const auto from = std::min(static_cast<std::size_t>(offset), content.size());
    const std::size_t there = std::min(content.size() - from, static_cast<std::size_t>(size));
    std::memcpy(buffer, content.data() + from, there);
    if (there == static_cast<std::size_t>(size)) return SQLITE_OK;
    std::memset(static_cast<char*>(buffer) + there, 0, static_cast<std::size_t>(size) - there);
    return SQLITE_IOERR_SHORT_READ;
  }

  static int Write(sqlite3_file* file, const void* buffer, int size, sqlite3_int64 offset) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (open.IsDead()) return SQLITE_IOERR_WRITE;
    const std::string_view bytes(static_cast<const char*>(buffer), static_cast<std::size_t>(size));
    const auto at = static_cast<std::size_t>(offset);
    switch (open.disk->BeforeWrite(*open.node, at, bytes)) {
      case FaultyDisk::Outcome::kError:
        return SQLITE_IOERR_WRITE;
      case FaultyDisk::Outcome::kFull:
        return SQLITE_FULL;
      case FaultyDisk::Outcome::kFine:
        open.node->file.Write(at, bytes);
    }
    return SQLITE_OK;
  }

  static int Truncate(sqlite3_file* file, sqlite3_int64 size) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (open.IsDead()) return SQLITE_IOERR_TRUNCATE;
    open.node->file.Truncate(static_cast<std::size_t>(size));
    return SQLITE_OK;
  }

  static int Sync(sqlite3_file* file, int /*flags*/) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (open.IsDead()) return SQLITE_IOERR_FSYNC;
    if (open.disk->BeforeSync(*open.node) != FaultyDisk::Outcome::kFine) return SQLITE_IOERR_FSYNC;
    open.node->file.Sync();
    return SQLITE_OK;
  }

  static int FileSize(sqlite3_file* file, sqlite3_int64* size) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (open.IsDead()) return SQLITE_IOERR_FSTAT;
    *size = static_cast<sqlite3_int64>(open.node->file.content().size());
    return SQLITE_OK;
  }

  static int Lock(sqlite3_file* file, int wanted) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (open.IsDead()) return SQLITE_IOERR_LOCK;
    FaultyDisk::Node& node = *open.node;
    if (open.lock >= wanted) return SQLITE_OK;
    if (node.exclusive != nullptr && node.exclusive != &open) return SQLITE_BUSY;
    if (open.lock == SQLITE_LOCK_NONE) ++node.locks_shared;
    open.lock = std::max(open.lock, SQLITE_LOCK_SHARED);
    if (wanted == SQLITE_LOCK_SHARED) return SQLITE_OK;
    if (node.reserved != nullptr && node.reserved != &open) return SQLITE_BUSY;
    node.reserved = &open;
    open.lock = SQLITE_LOCK_RESERVED;
    if (wanted == SQLITE_LOCK_RESERVED) return SQLITE_OK;
    if (node.locks_shared > 1) return SQLITE_BUSY;
    node.exclusive = &open;
    open.lock = wanted;
    return SQLITE_OK;
  }

  static int Unlock(sqlite3_file* file, int wanted) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    Unlocked(open, wanted);
    return SQLITE_OK;
  }

  static void Unlocked(OpenFile& open, int wanted) {
    FaultyDisk::Node& node = *open.node;
    if (node.exclusive == &open) node.exclusive = nullptr;
    if (node.reserved == &open) node.reserved = nullptr;
    if (open.lock != SQLITE_LOCK_NONE && wanted == SQLITE_LOCK_NONE) --node.locks_shared;
    open.lock = std::min(open.lock, wanted);
  }

  static int CheckReservedLock(sqlite3_file* file, int* out) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    *out = open.node->reserved != nullptr;
    return SQLITE_OK;
  }

  static int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int SectorSize(sqlite3_file*) { return 512; }
  static int DeviceCharacteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

  static int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    *out = nullptr;
    if (open.IsDead()) return SQLITE_IOERR_SHMMAP;
    auto& memory = open.node->memory;
    if (!memory) memory = std::make_shared<FaultyDisk::SharedMemory>();
    const auto wanted = static_cast<std::size_t>(region);
    while (memory->regions.size() <= wanted) {
      if (extend == 0) return SQLITE_OK;
      memory->regions.push_back(
          std::make_unique<std::string>(static_cast<std::size_t>(size), '\0'));
    }
    *out = memory->regions[wanted]->data();
    return SQLITE_OK;
  }

  static int ShmLock(sqlite3_file* file, int first, int count, int flags) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    if (!open.node->memory) return SQLITE_IOERR_SHMLOCK;
    auto& slots = open.node->memory->slots;
    for (int pass = 0; pass < 2; ++pass) {  // first look whether all can be had, then take them
      for (int i = first; i < first + count; ++i) {
        auto& slot = slots[static_cast<std::size_t>(i)];
        const bool ours = (open.shared_slots >> i & 1) != 0;
        if ((flags & SQLITE_SHM_UNLOCK) != 0) {
          if (pass == 1) ReleaseSlot(open, i);
        } else if ((flags & SQLITE_SHM_SHARED) != 0) {
          if (slot.exclusive != nullptr && slot.exclusive != &open) return SQLITE_BUSY;
          if (pass == 1 && !ours) {
            ++slot.shared;
            open.shared_slots |= 1U << i;
          }
        } else {
          if (slot.shared > (ours ? 1 : 0)) return SQLITE_BUSY;
          if (slot.exclusive != nullptr && slot.exclusive != &open) return SQLITE_BUSY;
          if (pass == 1) slot.exclusive = &open;
        }
      }
    }
    return open.IsDead() ? SQLITE_IOERR_SHMLOCK : SQLITE_OK;
  }

  static void ReleaseSlot(OpenFile& open, int index) {
    auto& slot = open.node->memory->slots[static_cast<std::size_t>(index)];
    if (slot.exclusive == &open) slot.exclusive = nullptr;
    if ((open.shared_slots >> index & 1) == 0) return;
    --slot.shared;
    open.shared_slots &= ~(1U << index);
  }

  static void ReleaseSlots(OpenFile& open) {
    if (!open.node->memory) return;
    for (int i = 0; i < SQLITE_SHM_NLOCK; ++i) ReleaseSlot(open, i);
  }

  static void ShmBarrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

  static int ShmUnmap(sqlite3_file* file, int remove) {
    OpenFile& open = Of(file);
    const std::lock_guard lock(open.disk->mutex_);
    ReleaseSlots(open);
    if (remove != 0) open.node->memory.reset();
    return SQLITE_OK;
  }

  static const sqlite3_io_methods* Methods() {
    static const sqlite3_io_methods methods = {
        .iVersion = 2,  // with shared memory, without memory mapping
        .xClose = Close,
        .xRead = Read,
        .xWrite = Write,
        .xTruncate = Truncate,
        .xSync = Sync,
        .xFileSize = FileSize,
        .xLock = Lock,
        .xUnlock = Unlock,
        .xCheckReservedLock = CheckReservedLock,
        .xFileControl = FileControl,
        .xSectorSize = SectorSize,
        .xDeviceCharacteristics = DeviceCharacteristics,
        .xShmMap = ShmMap,
        .xShmLock = ShmLock,
        .xShmBarrier = ShmBarrier,
        .xShmUnmap = ShmUnmap,
        .xFetch = nullptr,
        .xUnfetch = nullptr,
    };
    return &methods;
  }
};

FaultyDisk::Registration::Registration(FaultyDisk& disk) {
  static std::atomic<int> disks = 0;
  name = "faulty-disk-" + std::to_string(++disks);
  const sqlite3_vfs* machine = sqlite3_vfs_find(nullptr);  // for time and randomness
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(FaultyVfs::OpenFile);
  vfs.mxPathname = kMaxPath;
  vfs.zName = name.c_str();
  vfs.pAppData = &disk;
  vfs.xOpen = FaultyVfs::Open;
  vfs.xDelete = FaultyVfs::Delete;
  vfs.xAccess = FaultyVfs::Access;
  vfs.xFullPathname = FaultyVfs::FullPathname;
  vfs.xRandomness = machine->xRandomness;
  vfs.xSleep = machine->xSleep;
  vfs.xCurrentTime = machine->xCurrentTime;
  vfs.xCurrentTimeInt64 = machine->xCurrentTimeInt64;
  vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
  WEIR_CHECK(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
}

FaultyDisk::Registration::~Registration() { sqlite3_vfs_unregister(&vfs); }

}  // namespace weir::control
