#include "resources/lint.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "resources/declared.h"
#include "resources/envelope.h"
#include "resources/yaml_reader.h"

namespace weir::resources {
namespace {

using Verdict = LintFinding::Verdict;

std::string TextIn(const YamlNode& node, std::string_view key) {
  const YamlNode* found = node.Find(key);
  return found == nullptr || !found->is_scalar() ? "" : found->text;
}

// The type of a DataOS or ODF manifest, whether it is here or not.
std::string TypeOf(const YamlNode& node) {
  const std::string type = TextIn(node, "type");
  return type.empty() && node.Find("kind") != nullptr && node.Find("content") != nullptr ? "dataset"
                                                                                         : type;
}

LintFinding WrongText(const Problems& problems) {
  const Problem& first = problems.items().front();
  return {.verdict = Verdict::kWrong,
          .place = first.place,
          .sentence = first.message,
          .problems = problems.items()};
}

void Judge(LintFinding& finding, const Problems& problems) {
  finding.problems = problems.items();
  if (problems.empty()) {
    finding.sentence = "applies";
    return;
  }
  const auto not_here = [](const Problem& problem) {
    return problem.code == ErrorCode::kUnimplemented;
  };
  const bool all = std::all_of(finding.problems.begin(), finding.problems.end(), not_here);
  finding.verdict = all ? Verdict::kNotHereYet : Verdict::kWrong;
  finding.sentence = finding.problems.front().message;
}

}  // namespace

std::string_view NameOf(LintFinding::Verdict verdict) {
  switch (verdict) {
    case Verdict::kApplies:
      return "applies";
    case Verdict::kNotHereYet:
      return "not-here-yet";
    case Verdict::kWrong:
      return "wrong";
  }
  return "?";
}

std::vector<LintFinding> Lint(const KindRegistry& registry, const std::vector<Document>& documents,
                              const std::vector<Document>& attachments) {
  const EnvelopeReader reader(registry, {.attachments = attachments});
  std::vector<LintFinding> findings;
  for (const Document& document : documents) {
    Problems unread;
    const auto nodes = ReadYaml(document.source, document.text, unread);
    if (!nodes) {
      findings.push_back(WrongText(unread));
      continue;
    }
    for (const auto& node : *nodes) {
      LintFinding finding{
          .place = {.source = document.source, .line = node->line, .column = node->column},
          .type = TypeOf(*node),
          .name = TextIn(*node, "name")};
      Problems problems;
      std::vector<Manifest> one;
      auto manifest = reader.Read(ToJson(*node), node, document.source, "", problems);
      if (manifest) one.push_back(std::move(*manifest));
      if (problems.empty()) Declare(reader, std::move(one), problems);
      Judge(finding, problems);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace weir::resources
