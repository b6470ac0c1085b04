#include "pipelines/tables/xlsx_book.h"

#include <charconv>
#include <map>
#include <optional>

#include "pipelines/tables/xml_reader.h"

namespace weir::pipelines {
namespace {

using Event = XmlReader::Event;

constexpr std::size_t kMostTextBytes = 128 << 20;
constexpr std::size_t kMostStyles = 100'000;

// Calls `each` with every element that starts in the part.
template <typename Each>
Status ForEachElement(const Context& context, std::shared_ptr<const ReadableFile> part, Each each) {
  XmlReader xml(std::move(part));
  for (std::size_t count = 0;; ++count) {
    if (count % 4096 == 0) RETURN_IF_ERROR(context.Check());
    ASSIGN_OR_RETURN(const Event event, xml.Next());
    if (event == Event::kDone) return Ok();
    if (event == Event::kStart) RETURN_IF_ERROR(each(xml));
  }
}

std::string Attribute(const XmlReader& xml, std::string_view name) {
  const std::string* value = xml.attribute(name);
  return value == nullptr ? std::string() : *value;
}

std::optional<unsigned> Number(const std::string& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional(value)
                                                                  : std::nullopt;
}

// A format code's letters outside of quotes, escapes and colours: of them the first part counts.
XlsxNumber NumberOf(std::string_view code) {
  bool has_date = false;
  bool has_time = false;
  bool has_m = false;
  if (code.starts_with("General")) return XlsxNumber::kPlain;
  for (std::size_t i = 0; i < code.size() && code[i] != ';'; ++i) {
    switch (code[i]) {
      case '"':
        i = std::min(code.find('"', i + 1), code.size());
        break;
      case '\\':
      case '_':
      case '*':
        ++i;
        break;
      case '[':
        // [h] is a time; [Red] and [$-409] are not.
        has_time = has_time || code.substr(i + 1).starts_with('h') ||
                   code.substr(i + 1).starts_with("mm]") || code.substr(i + 1).starts_with("m]") ||
                   code.substr(i + 1).starts_with('s');
        i = std::min(code.find(']', i), code.size());
        break;
      case 'y':
      case 'Y':
      case 'd':
      case 'D':
        has_date = true;
        break;
      case 'h':
      case 'H':
      case 's':
      case 'S':
        has_time = true;
        break;
      case 'm':
      case 'M':
        has_m = true;
        break;
      default:
        break;
    }
  }
  if (has_date || (has_m && !has_time)) return XlsxNumber::kDate;
  return has_time ? XlsxNumber::kTimeOfDay : XlsxNumber::kPlain;
}

// The formats that have a number and no code (ECMA-376 part 1, 18.8.30).
XlsxNumber BuiltInNumber(unsigned id) {
  if ((id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
      (id >= 50 && id <= 54) || id == 57 || id == 58) {
    return XlsxNumber::kDate;
  }
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47) || id == 55 ||
      id == 56) {
    return XlsxNumber::kTimeOfDay;
  }
  return XlsxNumber::kPlain;
}

// Reads a workbook's parts one after the other.
class Reading {
 public:
  Reading(const Context& context, const XlsxParts& parts) : context_(context), parts_(parts) {}

  Result<XlsxBook> Run() {
    RETURN_IF_ERROR(ReadWorkbook());
    RETURN_IF_ERROR(ReadRelations());
    RETURN_IF_ERROR(ReadStyles());
    RETURN_IF_ERROR(ReadTexts());
    return std::move(book_);
  }

 private:
  Status ReadWorkbook() {
    auto part = parts_("xl/workbook.xml");
    if (!part && part.error().code == ErrorCode::kNotFound) {
      return Invalid("this is no xlsx file: it has no workbook");
    }
    if (!part) return part.error();
    RETURN_IF_ERROR(ForEachElement(context_, *std::move(part), [&](const XmlReader& xml) {
      if (xml.name() == "workbookPr") {
        const std::string from_1904 = Attribute(xml, "date1904");
        book_.counts_from_1904 = from_1904 == "1" || from_1904 == "true";
      }
      if (xml.name() == "sheet" && sheet_id_.empty()) {
        sheet_id_ = Attribute(xml, "id");
        book_.sheet_name = Attribute(xml, "name");
      }
      return Ok();
    }));
    if (sheet_id_.empty()) return Invalid("the workbook has no sheet");
    return Ok();
  }

  Status ReadRelations() {
    ASSIGN_OR_RETURN(auto part, parts_("xl/_rels/workbook.xml.rels"));
    std::string sheet;
    RETURN_IF_ERROR(ForEachElement(context_, std::move(part), [&](const XmlReader& xml) {
      if (xml.name() != "Relationship") return Ok();
      const std::string type = Attribute(xml, "Type");
      const std::string target = Attribute(xml, "Target");
      const std::string path = target.starts_with('/') ? target.substr(1) : "xl/" + target;
      if (Attribute(xml, "Id") == sheet_id_) sheet = type.ends_with("/worksheet") ? path : "";
      if (type.ends_with("/styles")) styles_ = path;
      if (type.ends_with("/sharedStrings")) texts_ = path;
      return Ok();
    }));
    if (sheet.empty()) {
      return Invalid("the first sheet, {}, holds no cells", book_.sheet_name)
          .WithHint("move the sheet with the rows to the front");
    }
    ASSIGN_OR_RETURN(book_.sheet, parts_(sheet));
    return Ok();
  }

  Status ReadStyles() {
    if (styles_.empty()) return Ok();
    ASSIGN_OR_RETURN(auto part, parts_(styles_));
    std::map<unsigned, XlsxNumber> codes;
    bool in_cells = false;
    return ForEachElement(context_, std::move(part), [&](const XmlReader& xml) -> Status {
      if (xml.name() == "numFmt") {
        const auto id = Number(Attribute(xml, "numFmtId"));
        if (id) codes[*id] = NumberOf(Attribute(xml, "formatCode"));
      }
      if (xml.name() == "cellXfs") in_cells = true;
      if (xml.name() == "cellStyles" || xml.name() == "dxfs") in_cells = false;
      if (xml.name() == "xf" && in_cells) {
        const unsigned id = Number(Attribute(xml, "numFmtId")).value_or(0);
        const auto code = codes.find(id);
        book_.styles.push_back(code == codes.end() ? BuiltInNumber(id) : code->second);
      }
      if (book_.styles.size() > kMostStyles || codes.size() > kMostStyles) {
        return Exhausted("the workbook has more than {} styles", kMostStyles);
      }
      return Ok();
    });
  }

  // <si> holds <t>, or runs <r> of them; <rPh> is how to pronounce it.
  Status ReadTexts() {
    if (texts_.empty()) return Ok();
    ASSIGN_OR_RETURN(auto part, parts_(texts_));
    return ForEachElement(context_, std::move(part), [&](XmlReader& xml) -> Status {
      if (xml.name() != "si") return Ok();
      ASSIGN_OR_RETURN(const std::string text, xml.Content("rPh"));
      book_.texts.Add(text);
      if (book_.texts.bytes() <= kMostTextBytes) return Ok();
      return Exhausted("the workbook has more than {} MiB of texts", kMostTextBytes >> 20)
          .WithHint("save it as CSV");
    });
  }

  const Context& context_;
  const XlsxParts& parts_;
  XlsxBook book_;
  std::string sheet_id_;
  std::string styles_;
  std::string texts_;
};

}  // namespace

Result<XlsxBook> ReadXlsxBook(const Context& context, const XlsxParts& parts) {
  return Reading(context, parts).Run();
}

}  // namespace weir::pipelines
