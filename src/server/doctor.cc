#include "server/doctor.h"

#include <sys/resource.h>

#include <array>

namespace weir::server {
namespace {

constexpr std::uint64_t kLittleSpace = 1ULL << 30;
constexpr std::uint64_t kNoSpace = 64ULL << 20;
constexpr rlim_t kFewFiles = 4096;

std::string Mode(unsigned mode) { return fmt::format("{:04o}", mode & 07777U); }

}  // namespace

void Doctor::Fine(std::string_view check, std::string message) {
  findings_.push_back({std::string(check), "ok", std::move(message)});
}

void Doctor::Note(std::string_view check, std::string_view severity, std::string message,
                  std::string fix) {
  findings_.push_back(
      {std::string(check), std::string(severity), std::move(message), std::move(fix)});
}

Result<std::vector<api::Finding>> Doctor::Examine(const Context& context) {
  ExamineFormat();
  ExaminePrivacy(parts_.paths.run(), 077, "home.run");
  ExamineKeys();
  ExamineStore(context);
  ExamineDisk();
  ExamineLimits();
  ExamineTls();
  RETURN_IF_ERROR(context.Check());
  return std::move(findings_);
}

void Doctor::ExamineFormat() {
  const auto text = parts_.files.ReadAll(parts_.paths.format(), 64);
  if (!text) {
    return Note("home.format", "error", text.error().message,
                fmt::format("write {} into {}", kHomeFormat, parts_.paths.format().string()));
  }
  Fine("home.format", fmt::format("the home has format {}", text->substr(0, text->find('\n'))));
}

void Doctor::ExaminePrivacy(const HomePaths::Path& path, unsigned forbidden,
                            std::string_view check) {
  const auto info = parts_.files.Stat(path);
  if (!info) {
    return Note(check, "error", info.error().message, "run weir as the user who owns the home");
  }
  if ((info->mode & forbidden) == 0) {
    return Fine(check, fmt::format("{} has mode {}", path.string(), Mode(info->mode)));
  }
  Note(check, "error",
       fmt::format("{} has mode {}, so others can reach what is in it", path.string(),
                   Mode(info->mode)),
       fmt::format("chmod {} {}", info->is_directory ? "700" : "600", path.string()));
}

void Doctor::ExamineKeys() {
  ExaminePrivacy(parts_.paths.keys(), 077, "home.keys");
  const auto names = parts_.files.List(parts_.paths.keys());
  if (!names) return;
  for (const std::string& name : *names) {
    if (name.ends_with(".crt")) continue;  // a certificate is for everybody
    ExaminePrivacy(parts_.paths.keys() / name, 077, "home.keys");
  }
}

void Doctor::ExamineDisk() {
  const auto free = parts_.files.FreeSpace(parts_.paths.root);
  if (!free) return Note("disk.space", "error", free.error().message, "look at the disk");
  const std::string message = fmt::format("{} MiB are free for the home", *free >> 20);
  if (*free >= kLittleSpace) return Fine("disk.space", message);
  Note("disk.space", *free < kNoSpace ? "error" : "warning", message,
       "free some space, or move the home to a larger disk; when it is full, writes are refused");
}

// One key is enough to know that the store answers.
void Doctor::ExamineStore(const Context& context) {
  const std::string_view what = parts_.settings.store_url.empty() ? "control.db" : "PostgreSQL";
  auto snapshot = parts_.store.Read(context);
  if (!snapshot) {
    return Note("store.read", "error", snapshot.error().message,
                "look at the disk or the database; restore a backup if it is damaged");
  }
  const auto entries = (*snapshot)->Scan(control::Key("resources"), {.limit = 1});
  if (!entries) {
    return Note("store.read", "error", entries.error().message,
                "restore a backup: weir backup restore");
  }
  Fine("store.read", fmt::format("the control store in {} answers, at revision {}", what,
                                 (*snapshot)->revision()));
}

void Doctor::ExamineLimits() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  if (limit.rlim_cur >= kFewFiles) {
    return Fine("limits.files",
                fmt::format("{} files and connections may be open", limit.rlim_cur));
  }
  Note("limits.files", "warning",
       fmt::format("only {} files and connections may be open at one time", limit.rlim_cur),
       "raise it: ulimit -n 65536, or LimitNOFILE= in the systemd unit");
}

void Doctor::ExamineTls() {
  if (parts_.settings.tls_certificate.empty()) return;
  for (const std::string& file : {parts_.settings.tls_certificate, parts_.settings.tls_key}) {
    if (const auto info = parts_.files.Stat(file); !info) {
      return Note("tls.files", "error", info.error().message,
                  "put the file there, or change tls.certificate and tls.key");
    }
  }
  ExaminePrivacy(parts_.settings.tls_key, 007, "tls.key");
}

}  // namespace weir::server
