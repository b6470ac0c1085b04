#include <boost/json/array.hpp>

#include "resources/schema.h"

namespace weir::resources {
namespace {

class Walker {
 public:
  Walker(Mark mark, const MarkVisitor& visit) : mark_(mark), visit_(visit) {}

  Status Walk(const SchemaNode& schema, const std::string& pointer, boost::json::value& value) {
    const bool secrets = mark_ == Mark::kSecretOrManifest;
    if (!(secrets ? schema.holds_secrets : schema.holds_files)) return Ok();
    if (secrets ? schema.secret || schema.manifest : schema.file) {
      return visit_(schema, pointer, value);
    }
    if (value.is_array() && schema.items) {
      auto& array = value.as_array();
      for (std::size_t index = 0; index < array.size(); ++index) {
        RETURN_IF_ERROR(Walk(*schema.items, pointer + "/" + std::to_string(index), array[index]));
      }
    }
    if (!value.is_object()) return Ok();
    for (auto& member : value.as_object()) {
      const SchemaNode* property = schema.Find(member.key());
      if (property == nullptr) property = schema.additional.get();
      if (property == nullptr) continue;
      RETURN_IF_ERROR(Walk(*property, AppendToPointer(pointer, member.key()), member.value()));
    }
    return Ok();
  }

 private:
  const Mark mark_;
  const MarkVisitor& visit_;
};

}  // namespace

std::string AppendToPointer(const std::string& pointer, std::string_view key) {
  std::string longer = pointer + "/";
  for (const char c : key) {
    if (c == '~') {
      longer += "~0";
    } else if (c == '/') {
      longer += "~1";
    } else {
      longer += c;
    }
  }
  return longer;
}

Status VisitMarked(const SchemaNode& schema, Mark mark, boost::json::value& value,
                   const MarkVisitor& visit) {
  return Walker(mark, visit).Walk(schema, "", value);
}

}  // namespace weir::resources
