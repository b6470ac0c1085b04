#include <arrow/array.h>
#include <arrow/record_batch.h>
#include <arrow/scalar.h>
#include <arrow/type.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/memory_file.h"
#include "base/testing/matchers.h"
#include "pipelines/tables/xlsx_rows.h"
#include "pipelines/tables/xlsx_sheet.h"
#include "pipelines/tables/xlsx_time.h"
#include "pipelines/tables/xml_reader.h"

namespace weir::pipelines {
namespace {

using testing::HasSubstr;

// A workbook of one sheet with these rows, with dates in style 1 and times of day in style 2.
XlsxParts Workbook(const std::string& rows, const std::string& texts = "") {
  const std::map<std::string, std::string> parts = {
      {"xl/workbook.xml", R"(<workbook><sheets><sheet name="S" r:id="r1"/></sheets></workbook>)"},
      {"xl/_rels/workbook.xml.rels",
       R"(<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/s.xml"/>
          <Relationship Id="r2" Type="x/styles" Target="styles.xml"/>
          <Relationship Id="r3" Type="x/sharedStrings" Target="/xl/texts.xml"/></Relationships>)"},
      {"xl/styles.xml",
       R"(<styleSheet><numFmts><numFmt numFmtId="170" formatCode="&quot;day&quot; [Red]hh:mm"/>
          </numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
          <cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>)"},
      {"xl/texts.xml", "<sst>" + texts + "</sst>"},
      {"xl/worksheets/s.xml", "<worksheet><sheetData>" + rows +
                                  "</sheetData><x><row><c><v>9</v></c></row></x></worksheet>"},
  };
  return [parts](const std::string& name) -> Result<std::shared_ptr<const ReadableFile>> {
    const auto found = parts.find(name);
    if (found == parts.end()) return NotFound("no {}", name);
    return FileOf(found->second);
  };
}

// Types in a line, then a line for each row.
std::string Read(const XlsxParts& parts, bool as_texts = false) {
  auto table = ReadXlsx(Context::Background(), parts, as_texts);
  if (!table) return table.error().message;
  std::string text;
  for (const auto& field : table->rows->schema()->fields()) {
    text += field->name() + " " + field->type()->ToString() + " ";
  }
  for (;;) {
    const auto batch = table->rows->Next();
    if (!batch) return batch.error().message;
    if (!*batch) return text;
    for (std::int64_t row = 0; row < (*batch)->num_rows(); ++row) {
      text += "\n";
      for (const auto& column : (*batch)->columns()) {
        text += column->GetScalar(row).ValueOrDie()->ToString() + " ";
      }
    }
  }
}

const std::string kHeading =
    R"(<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="C1" t="str"><v>c</v></c></row>)";

TEST(ReadXlsx, GivesAColumnTheTypeOfItsCells) {
  const std::string rows = kHeading +
                           R"(<row><c><v>1</v></c><c r="C2" s="1"><v>45322</v></c></row>
                              <row r="9"><c r="A9"><v>2.5</v></c><c r="C9" s="1"><v>45322.25</v></c></row>)";
  EXPECT_EQ(
      Read(Workbook(rows)),
      "a double c timestamp[us] \n1 2024-01-31 00:00:00.000000 \n2.5 2024-01-31 06:00:00.000000 ");
  EXPECT_EQ(Read(Workbook(rows), true),
            "a string c string \n1 2024-01-31 \n2.5 2024-01-31 06:00:00 ");
}

TEST(ReadXlsx, TakesTextsOfTheWorkbookWithoutHowTheyArePronounced) {
  const std::string rows =
      kHeading + R"(<row><c t="s"><v>1</v></c><c r="C2" t="b"><v>1</v></c></row>)";
  EXPECT_EQ(Read(Workbook(rows,
                          "<si><t>zero</t></si><si><r><t>o</t></r><r><t>ne &amp; &#x41;</t></r>"
                          "<rPh><t>no</t></rPh></si>")),
            "a string c bool \none & A true ");
  EXPECT_THAT(Read(Workbook(rows)), HasSubstr("row 2, column A: '1' is no text of the workbook"));
}

TEST(ReadXlsx, LeavesEmptyRowsOutAndStillKnowsWhereTheyWere) {
  auto table = ReadXlsx(Context::Background(), Workbook(kHeading + R"(<row r="3"><c r="A3"/></row>
                                               <row r="5"><c><v>1</v></c></row><row><c><v>2</v></c></row>)"),
                        true);
  ASSERT_TRUE(IsOk(table));
  const auto batch = table->rows->Next();
  ASSERT_TRUE(IsOk(batch));
  EXPECT_EQ((*batch)->num_rows(), 2);
  EXPECT_EQ(table->numbers->Of(1), 5u);
  EXPECT_EQ(table->numbers->Of(2), 6u);
}

TEST(ReadXlsx, NamesTheCellThatIsNone) {
  const auto with = [](const std::string& row) { return Read(Workbook(kHeading + row)); };
  EXPECT_EQ(with(R"(<row r="7"><c r="C7" t="e"><v>#N/A</v></c></row>)"),
            "row 7, column C: '#N/A' is an error, no value");
  EXPECT_EQ(with(R"(<row><c r="B2"><v>1</v></c></row>)"),
            "row 2, column B: the column has no name in the first row");
  EXPECT_EQ(with(R"(<row><c r="A2"><v>one</v></c></row>)"), "row 2, column A: 'one' is no number");
  EXPECT_EQ(with(R"(<row><c r="A2" s="1"><v>60</v></c></row>)"),
            "row 2, column A: '60' is no date");
  EXPECT_EQ(with(R"(<row r="1"><c><v>1</v></c></row>)"),
            "after row 1: the sheet's rows are not in order");
  EXPECT_EQ(with(R"(<row r="2000000"><c><v>1</v></c></row>)"),
            "after row 1: the sheet's rows are not in order");
}

TEST(XmlReader, LooksNothingUp) {
  XmlReader xml(FileOf(R"(<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>)"));
  EXPECT_EQ(xml.Next().error().message, "the XML declares a document type");
  XmlReader entity(FileOf("<a>&x;</a>"));
  ASSERT_TRUE(IsOk(entity.Next()));
  EXPECT_EQ(entity.Next().error().message, "the XML has a reference to nothing");
}

TEST(XmlReader, ReadsAttributesTextsAndWhatStandsBetween) {
  XmlReader xml(
      FileOf("<?xml version='1.0'?><!-- <b> --><x:a k='1 > 0' x:l=\"&lt;\"/>t<![CDATA[<]]>"));
  EXPECT_EQ(xml.Next().value(), XmlReader::Event::kStart);
  EXPECT_EQ(xml.name(), "a");
  EXPECT_EQ(*xml.attribute("k"), "1 > 0");
  EXPECT_EQ(*xml.attribute("l"), "<");
  EXPECT_EQ(xml.attribute("m"), nullptr);
  EXPECT_EQ(xml.Next().value(), XmlReader::Event::kEnd);
  EXPECT_EQ(xml.Next().value(), XmlReader::Event::kText);
  EXPECT_EQ(xml.text(), "t");
  EXPECT_EQ(xml.Next().value(), XmlReader::Event::kText);
  EXPECT_EQ(xml.text(), "<");
  EXPECT_EQ(xml.Next().value(), XmlReader::Event::kDone);
}

TEST(XlsxTime, CountsDaysAsTheProgramDoes) {
  EXPECT_EQ(XlsxTime(1, false)->text, "1900-01-01");
  EXPECT_EQ(XlsxTime(59, false)->text, "1900-02-28");
  EXPECT_EQ(XlsxTime(60, false), std::nullopt);
  EXPECT_EQ(XlsxTime(61, false)->text, "1900-03-01");
  EXPECT_EQ(XlsxTime(45322.5, false)->text, "2024-01-31 12:00:00");
  EXPECT_EQ(XlsxTime(45322.999999999, false)->text, "2024-02-01");
  EXPECT_EQ(XlsxTime(0, true)->text, "1904-01-01");
  EXPECT_EQ(XlsxTime(2958465, false)->text, "9999-12-31");
  EXPECT_EQ(XlsxTime(2958466, false), std::nullopt);
  EXPECT_EQ(XlsxTime(-1, false), std::nullopt);
  EXPECT_EQ(XlsxTimeOfDay(0.5208333333), "12:30:00");
}

TEST(XlsxColumnName, IsAsTheProgramSays) {
  EXPECT_EQ(XlsxColumnName(0), "A");
  EXPECT_EQ(XlsxColumnName(25), "Z");
  EXPECT_EQ(XlsxColumnName(26), "AA");
  EXPECT_EQ(XlsxColumnName(16'383), "XFD");
}

}  // namespace
}  // namespace weir::pipelines
