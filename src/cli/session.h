#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/context.h"
#include "base/files.h"
#include "cli/client.h"
#include "cli/output.h"
#include "cli/parse.h"
#include "cli/terminal.h"

namespace weir::cli {

/// What the flags of every command say.
struct Globals {
  std::filesystem::path home;
  std::string server = {};  ///< URL; empty: whoever has the home
  std::string token = {};
  std::filesystem::path ca_file = {};  ///< whose certificates to believe; empty: the machine's
  std::optional<std::chrono::milliseconds> timeout = {};
  std::optional<Timestamp> system_time = {};
};

/// Reads them; kInvalid for a --timeout that is no duration and the like.
Result<Globals> GlobalsOf(const Arguments& arguments);

/// The flags themselves, for the root of the tree.
std::vector<Flag> GlobalFlags();

/// Makes what a command talks to.
using Connector = std::function<Result<std::unique_ptr<Client>>(const Globals&, const Context&)>;

/// One run of the program: where its output goes, what the time is, whom it talks to. Data goes to
/// `out`, and everything else to the screen through Say. One thread.
class Session {
 public:
  struct Parts {
    const Command& root;
    Globals globals;
    Environment environment;
    Connector connect;
    Files& files;
    Terminal terminal;
    Output& out;
    Output& messages;
  };

  explicit Session(Parts parts);

  const Command& root() const { return parts_.root; }
  const Globals& globals() const { return parts_.globals; }
  const Environment& environment() const { return parts_.environment; }
  const Terminal& terminal() const { return parts_.terminal; }
  Files& files() { return parts_.files; }
  const Clock& clock() const { return pinned_ ? *pinned_ : SystemClock(); }

  Output& out() { return parts_.out; }
  /// A line for the person in front, on stderr.
  void Say(std::string_view line);

  /// For a request: ends at --timeout, or after a minute.
  Context Brief() const;
  /// For a watch or a backup: ends at --timeout if there is one.
  Context Long() const;

  /// Whom to ask. Connects when first called.
  Result<Client*> client();

 private:
  Parts parts_;
  const std::unique_ptr<Clock> pinned_;
  std::unique_ptr<Client> client_;
};

}  // namespace weir::cli
