#include "bench/ssms_script.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

#include "bench/random.h"

namespace engine::bench {
namespace {

using namespace std::string_view_literals;

constexpr std::array kNouns = {"Account"sv, "Address"sv,  "Batch"sv,   "Carrier"sv, "Contract"sv,
                               "Depot"sv,   "Invoice"sv,  "Journey"sv, "Ledger"sv,  "Material"sv,
                               "Order"sv,   "Pallet"sv,   "Product"sv, "Receipt"sv, "Shipment"sv,
                               "Stock"sv,   "Supplier"sv, "Tariff"sv,  "Vehicle"sv, "Warehouse"sv};
constexpr std::array kAttributes = {
    "Code"sv,     "Comment"sv, "Count"sv,   "Currency"sv, "Due"sv,   "Height"sv, "Label"sv,
    "Latitude"sv, "Margin"sv,  "Origin"sv,  "Quantity"sv, "Rate"sv,  "Region"sv, "Serial"sv,
    "Status"sv,   "Total"sv,   "Version"sv, "Weight"sv,   "Width"sv, "Zone"sv};
constexpr std::array kTypes = {"[int] NOT NULL"sv,
                               "[bigint] NULL"sv,
                               "[nvarchar](120) NOT NULL"sv,
                               "[varchar](max) NULL"sv,
                               "[decimal](18, 4) NOT NULL"sv,
                               "[datetime2](7) NULL"sv,
                               "[bit] NOT NULL"sv,
                               "[uniqueidentifier] NULL"sv};
constexpr std::array kRemarks = {"it''s counted twice; see the ledger"sv,
                                 "Gr\xc3\xb6\xc3\x9f"
                                 "e in mm"sv,
                                 "CREATE TABLE [dbo].[not one]"sv,
                                 "two -- dashes"sv,
                                 "/* no comment */"sv,
                                 "d\xc3\xa9j\xc3\xa0 vu"sv};

/// One script under construction, in the sections that the studio writes one after the other.
class Script {
 public:
  explicit Script(std::uint64_t seed) : random_(seed) {}

  std::size_t size() const { return size_; }
  void add_table();
  void add_view();
  void add_function();
  void add_procedure();
  std::string text() const {
    return "USE [Bench]\r\nGO\r\n" + functions_ + tables_ + views_ + indexes_ + constraints_ +
           procedures_;
  }

 private:
  template <class... Args>
  void line(std::string* section, fmt::format_string<Args...> format, Args&&... args) {
    const std::size_t before = section->size();
    fmt::format_to(std::back_inserter(*section), format, std::forward<Args>(args)...);
    *section += "\r\n";
    size_ += section->size() - before;
  }
  void header(std::string* section, std::string_view type, std::string_view name);
  std::string new_name() { return fmt::format("{}{}", random_.pick(kNouns), ++names_); }
  std::string_view table() const { return table_.empty() ? "Nothing"sv : table_; }

  Random random_;
  std::size_t size_ = 0;
  int names_ = 0;
  std::string table_;  // the latest, which views and procedures read
  std::string functions_, tables_, views_, indexes_, constraints_, procedures_;
};

void Script::header(std::string* section, std::string_view type, std::string_view name) {
  line(section, "/****** Object:  {} [dbo].[{}]    Script Date: 5/17/2024 8:{:02}:{:02} AM ******/",
       type, name, random_.below(60), random_.below(60));
  line(section, "SET ANSI_NULLS ON\r\nGO\r\nSET QUOTED_IDENTIFIER ON\r\nGO");
}

void Script::add_table() {
  const std::string name = new_name();
  const std::string parent(table());
  header(&tables_, "Table", name);
  line(&tables_, "CREATE TABLE [dbo].[{}](\r\n\t[{}ID] [int] IDENTITY(1,1) NOT NULL,", name, name);
  const std::size_t columns = 12 + random_.below(24);
  for (std::size_t i = 0; i < columns; ++i) {
    line(&tables_, "\t[{}{}] {},", random_.pick(kAttributes), i, random_.pick(kTypes));
  }
  line(&tables_, " CONSTRAINT [PK_{}] PRIMARY KEY CLUSTERED \r\n(\r\n\t[{}ID] ASC", name, name);
  line(&tables_,
       ")WITH (PAD_INDEX = OFF, IGNORE_DUP_KEY = OFF, ALLOW_ROW_LOCKS = ON) ON [PRIMARY]");
  line(&tables_, ") ON [PRIMARY]\r\nGO");

  line(&indexes_, "/****** Object:  Index [IX_{}]    Script Date: 5/17/2024 8:{:02}:00 AM ******/",
       name, random_.below(60));
  line(&indexes_, "CREATE NONCLUSTERED INDEX [IX_{}] ON [dbo].[{}]\r\n(\r\n\t[{}ID] ASC", name,
       name, name);
  line(&indexes_, ")WITH (PAD_INDEX = OFF, SORT_IN_TEMPDB = OFF, ONLINE = OFF) ON [PRIMARY]\r\nGO");

  line(&constraints_,
       "ALTER TABLE [dbo].[{}] ADD  CONSTRAINT [DF_{}]  DEFAULT ((0)) FOR [{}ID]\r\nGO", name, name,
       name);
  line(&constraints_,
       "ALTER TABLE [dbo].[{}]  WITH CHECK ADD  CONSTRAINT [FK_{}_{}] FOREIGN KEY([{}ID])\r\n"
       "REFERENCES [dbo].[{}] ([{}ID])\r\nGO",
       name, name, parent, name, parent, parent);
  line(&constraints_, "ALTER TABLE [dbo].[{}] CHECK CONSTRAINT [FK_{}_{}]\r\nGO", name, name,
       parent);
  line(&constraints_,
       "ALTER TABLE [dbo].[{}]  WITH CHECK ADD  CONSTRAINT [CK_{}] CHECK  (([{}ID]>=(0)))\r\nGO",
       name, name, name);
  table_ = name;
}

void Script::add_view() {
  const std::string name = new_name();
  header(&views_, "View", "v" + name);
  line(&views_, "CREATE VIEW [dbo].[v{}]\r\nAS\r\nSELECT", name);
  const std::size_t columns = 10 + random_.below(30);
  for (std::size_t i = 0; i < columns; ++i) {
    line(&views_, "    COALESCE(t.[{}{}], 0) AS [{}],", random_.pick(kAttributes), i, i);
  }
  line(&views_, "    N'{}' AS [Remark]", random_.pick(kRemarks));
  line(&views_, "FROM [dbo].[{}] AS t\r\nWHERE t.[{}ID] > {}\r\nGO", table(), table(),
       random_.below(100000));
}

void Script::add_function() {
  const std::string name = new_name();
  header(&functions_, "UserDefinedFunction", "fn" + name);
  line(&functions_, "CREATE FUNCTION [dbo].[fn{}] (@value [int], @other [int])", name);
  line(&functions_, "RETURNS [int]\r\nAS\r\nBEGIN\r\n    DECLARE @result [int] = @other;");
  const std::size_t steps = 10 + random_.below(20);
  for (std::size_t i = 0; i < steps; ++i) {
    line(&functions_, "    IF @value % {} = {} SET @result = @result + {}; -- {}",
         random_.below(90) + 10, random_.below(10), random_.below(1000), random_.pick(kRemarks));
  }
  line(&functions_, "    RETURN @result;\r\nEND\r\nGO");
}

void Script::add_procedure() {
  const std::string name = new_name();
  header(&procedures_, "StoredProcedure", "usp" + name);
  line(&procedures_, "-- What {} does to {}.", name, table());
  line(&procedures_, "CREATE PROCEDURE [dbo].[usp{}]\r\n    @id [int],\r\n    @user [nvarchar](80)",
       name);
  line(&procedures_, "AS\r\nBEGIN\r\n    SET NOCOUNT ON;\r\n    BEGIN TRY");
  const std::size_t steps = 20 + random_.below(30);
  for (std::size_t i = 0; i < steps; ++i) {
    line(&procedures_,
         "        UPDATE [dbo].[{}] SET [{}{}] = N'{}'\r\n         WHERE [{}ID] = @id;", table(),
         random_.pick(kAttributes), i, random_.pick(kRemarks), table());
    if (random_.below(4) == 0) {
      line(&procedures_, "        /* step {}: {} */", i, random_.pick(kNouns));
      line(&procedures_,
           "        IF @@ROWCOUNT = 0\r\n        BEGIN\r\n            PRINT N'nothing to do';\r\n"
           "        END");
    }
  }
  line(&procedures_, "    END TRY\r\n    BEGIN CATCH\r\n        THROW;\r\n    END CATCH");
  line(&procedures_, "END\r\nGO");
}

}  // namespace

std::string ssms_script(std::uint64_t seed, std::size_t size) {
  Script script(seed);
  for (int turn = 0; script.size() < size; ++turn) {
    switch (turn % 8) {
      case 0:
      case 4:
        script.add_table();
        break;
      case 1:
      case 5:
        script.add_view();
        break;
      case 2:
        script.add_function();
        break;
      default:
        script.add_procedure();
    }
  }
  return script.text();
}

std::string to_utf16le(std::string_view utf8) {
  std::string out = "\xff\xfe";
  out.reserve(2 + 2 * utf8.size());
  const auto put = [&out](unsigned unit) {
    out += static_cast<char>(unit & 0xff);
    out += static_cast<char>(unit >> 8);
  };
  for (std::size_t i = 0; i < utf8.size();) {
    const auto lead = static_cast<unsigned char>(utf8[i++]);
    const int more = lead < 0xc0 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    unsigned code = more == 0 ? lead : lead & (0x3fu >> more);
    for (int k = 0; k < more && i < utf8.size(); ++k) {
      code = code << 6 | (static_cast<unsigned char>(utf8[i++]) & 0x3fu);
    }
    if (code < 0x10000) {
      put(code);
    } else {
      put(0xd800 + ((code - 0x10000) >> 10));
      put(0xdc00 + ((code - 0x10000) & 0x3ff));
    }
  }
  return out;
}

}  // namespace engine::bench
