#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/testing/fake_clock.h"
#include "base/testing/matchers.h"
#include "base/testing/temp_dir.h"
#include "control/sqlite_store.h"
#include "resources/core_kinds.h"
#include "resources/resource_service.h"
#include "resources/testing/fake_sealer.h"

namespace weir::resources {

/// A kind of nothing but text, and one with secrets: what tests declare. A `note` may need other
/// notes and refuses the text "wrong"; a `vault` has secret values.
std::unique_ptr<Kind> MakeNoteKind();
std::unique_ptr<Kind> MakeVaultKind();

/// A resource service over an SQLite store in a directory of its own, with a clock that the test
/// moves. Acts as "ann".
class ResourceHome {
 public:
  ResourceHome() : ResourceHome(std::vector<std::unique_ptr<Kind>>()) {}

  /// With `more` kinds beside workspace, bundle, note and vault.
  explicit ResourceHome(std::vector<std::unique_ptr<Kind>> more) {
    registry_.Add(MakeWorkspaceKind());
    registry_.Add(MakeBundleKind(registry_));
    registry_.Add(MakeNoteKind());
    registry_.Add(MakeVaultKind());
    for (auto& kind : more) registry_.Add(std::move(kind));
    Reopen();
  }

  /// As after a restart.
  void Reopen() {
    service_ = nullptr;
    store_ = nullptr;
    store_ = control::OpenSqliteStore(dir_ / "control.db", {}, clock_).value();
    service_ = ResourceService::Open(context(), *store_, registry_, &sealer_, clock_).value();
  }

  Context context() const { return Context::Background().WithPrincipal({.name = "ann"}); }

  Result<ApplyAnswer> Apply(std::string text, ApplyRequest request = {}) {
    problems_ = {};
    request.documents.push_back({.source = "test.yaml", .text = std::move(text)});
    return service_->Apply(context(), request, problems_);
  }

  /// What became of each: "created note a", one a line.
  std::string Outcomes(const Result<ApplyAnswer>& answer) const {
    if (!answer) return answer.error().message;
    std::string lines;
    for (const Change& change : answer->changes) {
      lines +=
          std::string(NameOf(change.outcome)) + " " + change.id.type + " " + change.id.name + "\n";
    }
    return lines;
  }

  /// All problems of the last Apply, one a line.
  std::string ProblemLines() const {
    std::string lines;
    for (const Problem& problem : problems_.items()) lines += problem.ToString() + "\n";
    return lines;
  }

  static ResourceId Note(std::string name, std::string workspace = "public") {
    return {.type = "note", .workspace = std::move(workspace), .name = std::move(name)};
  }
  static ResourceId Vault(std::string name) {
    return {.type = "vault", .workspace = "public", .name = std::move(name)};
  }

  ResourceService& service() { return *service_; }
  control::Store& store() { return *store_; }
  KindRegistry& registry() { return registry_; }
  FakeClock& clock() { return clock_; }
  FakeSealer& sealer() { return sealer_; }
  Problems& problems() { return problems_; }

  /// Every stored byte, as one text: to see that a secret is not in it.
  std::string Everything() {
    std::string all;
    const auto snapshot = store_->Read(context()).value();
    const auto entries = snapshot->Scan(control::Key("resources"), {.limit = 100000}).value();
    for (const control::Entry& entry : entries) {
      all += entry.key.ToString() + "=" + entry.value + "\n";
    }
    return all;
  }

 private:
  TempDir dir_;
  FakeClock clock_;
  FakeSealer sealer_;
  KindRegistry registry_;
  std::unique_ptr<control::Store> store_;
  std::unique_ptr<ResourceService> service_;
  Problems problems_;
};

/// The manifest of a note, with `more` lines of its spec, indented by two.
inline std::string NoteYaml(const std::string& name, const std::string& text,
                            const std::string& more = "") {
  return "name: " + name + "\nversion: v1\ntype: note\nnote:\n  text: " + text + "\n" + more +
         "---\n";
}

}  // namespace weir::resources
