#include "engine/sql/reference_words.h"

#include "engine/sql/word_set.h"

namespace engine::sql {
namespace {

using Mark = ReferenceWord;

struct Entry {
  std::string_view word;
  ReferenceWord meaning;
};

constexpr Entry kEntries[] = {
    {"add", Mark::kAdd},
    {"attach", Mark::kAttach},
    {"constraint", Mark::kConstraint},
    {"foreign", Mark::kForeign},
    {"history_table", Mark::kHistoryTable},
    {"in", Mark::kIn},
    {"inherit", Mark::kInherit},
    {"refresh", Mark::kRefresh},
    {"rename", Mark::kRename},
    {"aggregate", Mark::kRoutine},
    {"function", Mark::kRoutine},
    {"procedure", Mark::kRoutine},
    {"routine", Mark::kRoutine},
    {"type", Mark::kType},
    {"apply", Mark::kApply},
    {"as", Mark::kAs},
    {"begin", Mark::kBegin},
    {"call", Mark::kCall},
    {"case", Mark::kCase},
    {"cast", Mark::kCast},
    {"try_cast", Mark::kCast},
    {"copy", Mark::kCopy},
    {"create", Mark::kCreate},
    {"declare", Mark::kDeclare},
    {"delete", Mark::kDelete},
    {"end", Mark::kEnd},
    {"exec", Mark::kExecute},
    {"execute", Mark::kExecute},
    {"fetch", Mark::kFetch},
    {"for", Mark::kFor},
    {"from", Mark::kFrom},
    {"inherits", Mark::kInherits},
    {"insert", Mark::kInsert},
    {"into", Mark::kInto},
    {"is", Mark::kIs},
    {"join", Mark::kJoin},
    {"straight_join", Mark::kJoin},
    {"language", Mark::kLanguage},
    {"merge", Mark::kMerge},
    {"next", Mark::kNext},
    {"partition", Mark::kPartition},
    {"perform", Mark::kPerform},
    {"references", Mark::kReferences},
    {"referencing", Mark::kReferencing},
    {"replace", Mark::kReplace},
    {"return", Mark::kSetReturn},
    {"returns", Mark::kReturns},
    {"select", Mark::kSelect},
    {"table", Mark::kTable},
    {"truncate", Mark::kTruncate},
    {"update", Mark::kUpdate},
    {"using", Mark::kUsing},
    {"with", Mark::kWith},
    {"loop", Mark::kLoop},
    // The list of relations is over.
    {"connect", Mark::kEndsFrom},
    {"except", Mark::kEndsFrom},
    {"group", Mark::kEndsFrom},
    {"having", Mark::kEndsFrom},
    {"intersect", Mark::kEndsFrom},
    {"limit", Mark::kEndsFrom},
    {"minus", Mark::kEndsFrom},
    {"offset", Mark::kEndsFrom},
    {"option", Mark::kEndsFrom},
    {"order", Mark::kEndsFrom},
    {"qualify", Mark::kEndsFrom},
    {"returning", Mark::kEndsFrom},
    {"set", Mark::kEndsFrom},
    {"start", Mark::kEndsFrom},
    {"union", Mark::kEndsFrom},
    {"values", Mark::kEndsFrom},
    {"when", Mark::kEndsFrom},
    {"where", Mark::kEndsFrom},
    {"window", Mark::kEndsFrom},
    // T-SQL needs no semicolons.
    {"alter", Mark::kStatement},
    {"close", Mark::kStatement},
    {"deallocate", Mark::kStatement},
    {"drop", Mark::kStatement},
    {"else", Mark::kStatement},
    {"goto", Mark::kStatement},
    {"if", Mark::kStatement},
    {"open", Mark::kStatement},
    {"print", Mark::kStatement},
    {"raiserror", Mark::kStatement},
    {"throw", Mark::kStatement},
    {"while", Mark::kStatement},
};
constexpr std::size_t kEntryCount = sizeof(kEntries) / sizeof(kEntries[0]);

constexpr auto kWords = [] {
  std::array<std::string_view, kEntryCount> words{};
  for (std::size_t i = 0; i < kEntryCount; ++i) words[i] = kEntries[i].word;
  return WordSet<kEntryCount>(words);
}();

constexpr std::string_view kNoAliasText =
    "after and apply as asof before begin call close cluster connect create cross declare "
    "default delete do drop else elsif end except exec execute exit fetch for force from "
    "full go goto group having if ignore inner insert intersect into is join left limit "
    "lock loop merge minus model natural nocycle not offset on open option or order outer "
    "output overriding partition pivot print qualify raise raiserror return returning "
    "right sample select set start straight_join tablesample then truncate union unpivot "
    "update use using values when where while window with";
constexpr WordSet<count_words(kNoAliasText)> kNoAlias(kNoAliasText);

constexpr std::string_view kBuiltinTypesText =
    "any anyarray anycompatible anycompatiblearray anyelement anyenum anynonarray "
    "anyrange array bfile bigint bigserial binary binary_double binary_float "
    "binary_integer bit blob bool boolean box bpchar bytea byteint bytes char character "
    "cidr circle clob constant cstring cursor date daterange datetime datetime2 "
    "datetimeoffset dbclob dec decfloat decimal double enum event_trigger exception float "
    "float4 float64 float8 geography geomcollection geometry graphic hierarchyid image "
    "inet int int2 int2vector int4 int4range int64 int8 int8range integer internal "
    "interval json jsonb jsonpath language_handler line linestring long longblob longtext "
    "lseg macaddr macaddr8 mediumblob mediumint mediumtext money multipoint multipolygon "
    "name national natural nchar nclob ntext null number numeric numrange nvarchar "
    "nvarchar2 object oid oidvector path pg_lsn pls_integer point polygon positive raw "
    "real record refcursor regclass regconfig regdictionary regnamespace regoper "
    "regoperator regproc regprocedure regrole regtype row rowid rowversion serial serial2 "
    "serial4 serial8 set setof signed simple_integer smalldatetime smallint smallmoney "
    "smallserial sql_variant string struct super sysname table text tid time timestamp "
    "timestamp_ltz timestamp_ntz timestamp_tz timestamptz timetz tinyblob tinyint "
    "tinytext trigger tsm_handler tsquery tsrange tstzrange tsvector txid_snapshot "
    "uniqueidentifier unknown unsigned urowid uuid varbinary varbit varchar varchar2 "
    "vargraphic variant vector void xid xml xmltype year";
constexpr WordSet<count_words(kBuiltinTypesText)> kBuiltinTypes(kBuiltinTypesText);

constexpr std::string_view kNoRoutineText =
    "abs all and any array as avg between by case cast ceiling char charset check choose "
    "cluster clustered coalesce collate columnproperty columns concat convert count cube "
    "current_timestamp dateadd datediff datepart db_id default dense_rank distinct else "
    "engine error_line error_message error_number error_procedure error_severity "
    "error_state except exists extract filter first_value floor format from generated "
    "getdate getutcdate greatest group grouping hash having identity if ifnull iif in "
    "include index intersect into is isnull join key lag last_value lead least len length "
    "like limit list lower ltrim max min nonclustered nchar not now ntile nullif nvl object_id of "
    "on "
    "operator or order over overlay parse partition position primary quotename range rank "
    "replace returning rollup round row row_number rows rtrim schema_id scope_identity "
    "select sets some string_agg stuff substr substring sum sysdate table then to top "
    "trim try_convert type union unique upper using values varying when where while with "
    "within";
constexpr WordSet<count_words(kNoRoutineText)> kNoRoutine(kNoRoutineText);

constexpr std::string_view kTableHintsText =
    "forceseek holdlock index nolock nowait paglock readcommitted readpast readuncommitted "
    "repeatableread rowlock serializable tablock tablockx updlock xlock";
constexpr WordSet<count_words(kTableHintsText)> kTableHints(kTableHintsText);

}  // namespace

ReferenceWord reference_word(const Word& word, Dialect dialect) {
  const std::size_t place = kWords.find(word);
  if (place == kEntryCount) return Mark::kNone;
  const Mark meaning = kEntries[place].meaning;
  if (meaning == Mark::kStatement && dialect != Dialect::kTsql) return Mark::kNone;
  if (meaning == Mark::kPerform) {
    return dialect == Dialect::kPostgresql ? Mark::kSelect : Mark::kNone;
  }
  return meaning;
}

bool is_no_alias(const Word& word) { return kNoAlias.contains(word); }
bool is_builtin_type(const Word& word) { return kBuiltinTypes.contains(word); }
bool is_table_hint(const Word& word) { return kTableHints.contains(word); }
bool is_no_routine(const Word& word) { return kNoRoutine.contains(word); }

}  // namespace engine::sql
