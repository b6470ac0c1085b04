#include "resources/yaml_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "resources/core_schema.h"
#include "resources/yaml_events.h"

namespace weir::resources {
namespace {

using Documents = std::vector<std::shared_ptr<const YamlNode>>;

// What an alias stands for. Its size is known, so that it is refused before it is copied.
struct Anchored {
  YamlNode node;
  std::size_t nodes = 1;
  int depth = 0;
};

int DepthOf(const YamlNode& node) {
  int depth = 0;
  for (const YamlNode& item : node.items) depth = std::max(depth, DepthOf(item));
  for (const auto& member : node.members) depth = std::max(depth, DepthOf(member.value));
  return node.is_scalar() ? 0 : depth + 1;
}

// A sequence or mapping that is still open, on a stack of ours instead of the machine's.
struct Open {
  YamlNode node;
  std::string anchor;
  std::size_t nodes_before = 0;  // it and what it holds came after so many
  bool awaits_value = false;
  bool merges = false;        // the value awaited is that of `<<`
  YamlNode::Member key = {};  // of the value awaited
  std::unordered_set<std::string> keys = {};
  std::vector<YamlNode> merged = {};  // what `<<` brought
};

class Builder {
 public:
  Builder(std::string_view source, const YamlLimits& limits, Problems& problems)
      : source_(source), limits_(limits), problems_(problems) {}

  // False once a problem was added.
  bool Take(YamlEvent& event);

  Documents TakeDocuments() { return std::move(documents_); }

 private:
  using Type = YamlEvent::Type;

  bool Fail(int line, int column, std::string message, std::string hint = {}) {
    problems_.Add({.source = source_, .line = line, .column = column}, std::move(message),
                  std::move(hint));
    return false;
  }

  bool TakeScalar(YamlEvent& event);
  bool TakeAlias(const YamlEvent& event);
  bool TakeStart(YamlEvent& event, YamlNode::Type type);
  bool TakeEnd();
  bool TakeKey(YamlEvent& event, Open& mapping);
  bool Place(YamlNode node);
  bool Merge(Open& mapping, YamlNode value);
  bool Count(const YamlEvent& event, std::size_t nodes);
  bool IsAtKey() const {
    return !open_.empty() && open_.back().node.type == YamlNode::Type::kMapping &&
           !open_.back().awaits_value;
  }
  bool Remember(const std::string& anchor, const YamlNode& node, std::size_t nodes);

  const std::string source_;
  const YamlLimits& limits_;
  Problems& problems_;
  Documents documents_;
  std::vector<Open> open_;
  std::unordered_map<std::string, Anchored> anchors_;
  std::size_t nodes_ = 0;
  std::size_t alias_nodes_ = 0;  // kept under anchors or copied from them
};

// What a tag of YAML's own makes of a scalar; nullopt for a tag we do not know.
std::optional<YamlNode::Type> TypeOf(const YamlEvent& event) {
  constexpr std::string_view kOurs = "tag:yaml.org,2002:";
  if (event.tag.empty()) return event.plain ? TypeOfPlain(event.text) : YamlNode::Type::kText;
  if (event.tag == "!") return YamlNode::Type::kText;
  if (!event.tag.starts_with(kOurs)) return std::nullopt;
  const std::string_view name = std::string_view(event.tag).substr(kOurs.size());
  const YamlNode::Type written = TypeOfPlain(event.text);
  if (name == "str") return YamlNode::Type::kText;
  if (name == "null" && written == YamlNode::Type::kNull) return written;
  if (name == "bool" && written == YamlNode::Type::kBool) return written;
  if (name == "int" && written == YamlNode::Type::kInteger) return written;
  const bool number = written == YamlNode::Type::kInteger || written == YamlNode::Type::kFloat;
  if (name == "float" && number) return YamlNode::Type::kFloat;
  return std::nullopt;
}

bool Builder::Take(YamlEvent& event) {
  switch (event.type) {
    case Type::kDocumentStart:
      anchors_.clear();
      return true;
    case Type::kScalar:
      return TakeScalar(event);
    case Type::kAlias:
      return TakeAlias(event);
    case Type::kSequenceStart:
      return TakeStart(event, YamlNode::Type::kSequence);
    case Type::kMappingStart:
      return TakeStart(event, YamlNode::Type::kMapping);
    case Type::kSequenceEnd:
    case Type::kMappingEnd:
      return TakeEnd();
    case Type::kDocumentEnd:
    case Type::kStreamEnd:
      return true;
  }
  return true;
}

bool Builder::Count(const YamlEvent& event, std::size_t nodes) {
  nodes_ += nodes;
  if (nodes_ <= limits_.max_nodes) return true;
  return Fail(event.line, event.column,
              fmt::format("the text holds more than {} values", limits_.max_nodes),
              "split it into several files");
}

bool Builder::TakeScalar(YamlEvent& event) {
  if (!Count(event, 1)) return false;
  if (IsAtKey()) return TakeKey(event, open_.back());
  const auto type = TypeOf(event);
  if (!type) {
    return Fail(event.line, event.column, fmt::format("the tag {} does not fit here", event.tag),
                "leave the tag out");
  }
  YamlNode node{.type = *type,
                .line = event.line,
                .column = event.column,
                .text = std::move(event.text),
                .members = {}};
  return Remember(event.anchor, node, 1) && Place(std::move(node));
}

bool Builder::TakeKey(YamlEvent& event, Open& mapping) {
  const bool merges = event.plain && event.tag.empty() && event.text == "<<";
  if (!merges && !mapping.keys.insert(event.text).second) {
    const auto* first = mapping.node.FindMember(event.text);
    return Fail(event.line, event.column, fmt::format("the key {} is there twice", event.text),
                first == nullptr ? "" : fmt::format("it is also on line {}", first->line));
  }
  if (event.plain && event.text.empty()) {
    return Fail(event.line, event.column, "a key is missing before the colon");
  }
  const YamlNode key{.type = YamlNode::Type::kText,
                     .line = event.line,
                     .column = event.column,
                     .text = event.text,
                     .members = {}};
  mapping.key = {
      .key = std::move(event.text), .line = event.line, .column = event.column, .value = {}};
  mapping.merges = merges;
  mapping.awaits_value = true;
  return Remember(event.anchor, key, 1);
}

bool Builder::TakeAlias(const YamlEvent& event) {
  const auto found = anchors_.find(event.anchor);
  if (found == anchors_.end()) {
    return Fail(event.line, event.column,
                fmt::format("there is no anchor &{} before this", event.anchor));
  }
  const Anchored& anchored = found->second;
  if (IsAtKey()) {
    YamlEvent key{.type = Type::kScalar,
                  .line = event.line,
                  .column = event.column,
                  .text = anchored.node.text};
    if (!anchored.node.is_scalar()) return Fail(event.line, event.column, "a key must be text");
    return Count(event, 1) && TakeKey(key, open_.back());
  }
  alias_nodes_ += anchored.nodes;
  if (alias_nodes_ > limits_.max_alias_nodes) {
    return Fail(event.line, event.column,
                fmt::format("aliases would make more than {} values", limits_.max_alias_nodes),
                "write out what is meant");
  }
  if (static_cast<int>(open_.size()) + anchored.depth > limits_.max_depth) {
    return Fail(event.line, event.column,
                fmt::format("nested deeper than {} levels", limits_.max_depth));
  }
  return Count(event, anchored.nodes) && Place(anchored.node);
}

bool Builder::TakeStart(YamlEvent& event, YamlNode::Type type) {
  if (!Count(event, 1)) return false;
  if (IsAtKey()) return Fail(event.line, event.column, "a key must be text");
  const std::string_view fitting =
      type == YamlNode::Type::kSequence ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map";
  if (!event.tag.empty() && event.tag != "!" && event.tag != fitting) {
    return Fail(event.line, event.column, fmt::format("the tag {} does not fit here", event.tag),
                "leave the tag out");
  }
  if (static_cast<int>(open_.size()) >= limits_.max_depth) {
    return Fail(event.line, event.column,
                fmt::format("nested deeper than {} levels", limits_.max_depth));
  }
  open_.push_back(
      {.node = {.type = type, .line = event.line, .column = event.column, .members = {}},
       .anchor = std::move(event.anchor),
       .nodes_before = nodes_ - 1});
  return true;
}

bool Builder::TakeEnd() {
  Open done = std::move(open_.back());
  open_.pop_back();
  for (YamlNode& from : done.merged) {
    for (YamlNode::Member& member : from.members) {
      if (done.keys.insert(member.key).second) done.node.members.push_back(std::move(member));
    }
  }
  return Remember(done.anchor, done.node, nodes_ - done.nodes_before) &&
         Place(std::move(done.node));
}

bool Builder::Place(YamlNode node) {
  if (open_.empty()) {
    if (node.type != YamlNode::Type::kNull) {
      documents_.push_back(std::make_shared<const YamlNode>(std::move(node)));
    }
    return true;
  }
  Open& parent = open_.back();
  if (parent.node.type == YamlNode::Type::kSequence) {
    parent.node.items.push_back(std::move(node));
    return true;
  }
  parent.awaits_value = false;
  if (parent.merges) return Merge(parent, std::move(node));
  parent.key.value = std::move(node);
  parent.node.members.push_back(std::move(parent.key));
  return true;
}

bool Builder::Merge(Open& mapping, YamlNode value) {
  const int line = value.line;
  const int column = value.column;
  std::vector<YamlNode> sources;
  if (value.type == YamlNode::Type::kSequence) {
    sources = std::move(value.items);
  } else {
    sources.push_back(std::move(value));
  }
  for (YamlNode& from : sources) {
    if (from.type != YamlNode::Type::kMapping) {
      return Fail(line, column, "<< takes a mapping, or a list of mappings");
    }
    mapping.merged.push_back(std::move(from));
  }
  return true;
}

bool Builder::Remember(const std::string& anchor, const YamlNode& node, std::size_t nodes) {
  if (anchor.empty()) return true;
  alias_nodes_ += nodes;
  if (alias_nodes_ > limits_.max_alias_nodes) {
    return Fail(node.line, node.column,
                fmt::format("anchors hold more than {} values", limits_.max_alias_nodes),
                "write out what is meant");
  }
  anchors_.insert_or_assign(anchor, Anchored{node, nodes, DepthOf(node)});
  return true;
}

}  // namespace

std::optional<Documents> ReadYaml(std::string_view source, std::string_view text,
                                  Problems& problems, const YamlLimits& limits) {
  if (text.size() > limits.max_bytes) {
    problems.Add({.source = std::string(source)},
                 fmt::format("the text is longer than {} MiB", limits.max_bytes >> 20),
                 "split it into several files");
    return std::nullopt;
  }
  YamlEvents events(source, text);
  Builder builder(source, limits, problems);
  YamlEvent event;
  do {
    if (!events.Next(event, problems) || !builder.Take(event)) return std::nullopt;
  } while (event.type != YamlEvent::Type::kStreamEnd);
  return builder.TakeDocuments();
}

}  // namespace weir::resources
