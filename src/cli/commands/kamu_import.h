#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/records.h"
#include "cli/session.h"
#include "datasets/kamu_workspace.h"

namespace weir::cli {

/// What the datasets of a workspace of Kamu are to be called here, and where.
struct KamuNames {
  std::string workspace;                       ///< of ours, for those that are new
  std::string prefix = {};                     ///< before every name that is not in `renamed`
  std::map<std::string, std::string> renamed;  ///< by alias, its last part, directory or DID
};

/// "population" of "account/population" or what `names` says. kInvalid when nothing says what it is
/// called, or no dataset may be called so.
Result<std::string> NameHere(const datasets::KamuDataset& dataset, const KamuNames& names);

/// Takes the datasets of a workspace one after the other, each as `weir pull` does from its
/// repository: a dataset that is here already goes on under the name it has. One that cannot be
/// taken does not keep the others from it.
class KamuImport {
 public:
  /// Both outlive it. `dry_run`: every dataset is verified where it lies, and none is taken.
  KamuImport(Session& session, const KamuNames& names, bool dry_run)
      : session_(session), names_(names), dry_run_(dry_run) {}

  /// Learns which datasets there are here.
  Status Begin();

  /// A line of the report: dataset, name, workspace, kind, outcome, blocks, bytes, and a note where
  /// there is something to say; of one that failed an error {code, message, hint}.
  Record Take(const datasets::KamuDataset& dataset);

 private:
  struct Place {
    std::string workspace;
    std::string name;
  };

  Result<Place> PlaceOf(const datasets::KamuDataset& dataset) const;
  Result<Record> Pull(const datasets::KamuDataset& dataset, const Place& place);
  Result<Record> Verify(const datasets::KamuDataset& dataset);
  std::string NoteOf(const datasets::KamuDataset& dataset) const;
  void Remember(const std::string& did, const Place& place);

  Session& session_;
  const KamuNames& names_;
  const bool dry_run_;
  std::map<std::string, Place> here_;         // by DID
  std::map<std::string, std::string> taken_;  // DIDs by workspace/folded name
};

}  // namespace weir::cli
