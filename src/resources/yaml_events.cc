#include "resources/yaml_events.h"

#include <fmt/format.h>
#include <yaml.h>

#include "base/check.h"

namespace weir::resources {

struct YamlEvents::Parser {
  yaml_parser_t parser;
};

namespace {

std::string TextOf(const yaml_char_t* text) {
  return text == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(text));
}

int FromOne(std::size_t count) { return static_cast<int>(count) + 1; }

// libyaml's sentences, the place kept apart: "did not find expected key while parsing a mapping".
Problem ProblemOf(const yaml_parser_t& parser, const std::string& source) {
  std::string message = parser.problem == nullptr ? "cannot be read" : parser.problem;
  if (parser.context != nullptr) message += fmt::format(" {}", parser.context);
  Place place{.source = source,
              .line = FromOne(parser.problem_mark.line),
              .column = FromOne(parser.problem_mark.column)};
  if (parser.error == YAML_READER_ERROR) {
    message += fmt::format(" (byte {})", parser.problem_offset);
    place.line = FromOne(parser.mark.line);
    place.column = FromOne(parser.mark.column);
  }
  return {.place = std::move(place), .message = "YAML: " + message};
}

void FillScalar(const yaml_event_t& raw, YamlEvent& event) {
  const auto& scalar = raw.data.scalar;
  event.anchor = TextOf(scalar.anchor);
  event.tag = TextOf(scalar.tag);
  event.text.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
  event.plain = scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

// False for an event that readers need not see.
bool Translate(const yaml_event_t& raw, YamlEvent& event) {
  using Type = YamlEvent::Type;
  switch (raw.type) {
    case YAML_DOCUMENT_START_EVENT:
      event.type = Type::kDocumentStart;
      return true;
    case YAML_DOCUMENT_END_EVENT:
      event.type = Type::kDocumentEnd;
      return true;
    case YAML_ALIAS_EVENT:
      event.type = Type::kAlias;
      event.anchor = TextOf(raw.data.alias.anchor);
      return true;
    case YAML_SCALAR_EVENT:
      event.type = Type::kScalar;
      FillScalar(raw, event);
      return true;
    case YAML_SEQUENCE_START_EVENT:
      event.type = Type::kSequenceStart;
      event.anchor = TextOf(raw.data.sequence_start.anchor);
      event.tag = TextOf(raw.data.sequence_start.tag);
      return true;
    case YAML_SEQUENCE_END_EVENT:
      event.type = Type::kSequenceEnd;
      return true;
    case YAML_MAPPING_START_EVENT:
      event.type = Type::kMappingStart;
      event.anchor = TextOf(raw.data.mapping_start.anchor);
      event.tag = TextOf(raw.data.mapping_start.tag);
      return true;
    case YAML_MAPPING_END_EVENT:
      event.type = Type::kMappingEnd;
      return true;
    case YAML_STREAM_END_EVENT:
      event.type = Type::kStreamEnd;
      return true;
    default:
      return false;
  }
}

}  // namespace

YamlEvents::YamlEvents(std::string_view source, std::string_view text)
    : source_(source), parser_(std::make_unique<Parser>()) {
  WEIR_CHECK(yaml_parser_initialize(&parser_->parser) == 1);
  yaml_parser_set_encoding(&parser_->parser, YAML_UTF8_ENCODING);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // a byte order mark
  if (text.data() == nullptr) text = "";  // libyaml wants a pointer even to nothing
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  yaml_parser_set_input_string(&parser_->parser, bytes, text.size());
}

YamlEvents::~YamlEvents() { yaml_parser_delete(&parser_->parser); }

bool YamlEvents::Next(YamlEvent& event, Problems& problems) {
  for (;;) {
    yaml_event_t raw;
    if (yaml_parser_parse(&parser_->parser, &raw) == 0) {
      problems.Add(ProblemOf(parser_->parser, source_));
      return false;
    }
    event =
        YamlEvent{.line = FromOne(raw.start_mark.line), .column = FromOne(raw.start_mark.column)};
    const bool wanted = Translate(raw, event);
    yaml_event_delete(&raw);
    if (wanted) return true;
  }
}

}  // namespace weir::resources
