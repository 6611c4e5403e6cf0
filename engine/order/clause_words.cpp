#include "engine/order/clause_words.h"

#include "engine/sql/word_set.h"

namespace engine::order {
namespace {

// Of all dialects; what a server reserves is there where another one does not.
constexpr std::string_view kClauseWordsText =
    "action after aggregate always attach attribute authorization before begin bigint bit "
    "boolean by cache called cascade catalog char character characteristics class cluster "
    "collation column comment commit compression configuration connection constraint content "
    "cost csv current cursor cycle data database date datetime day decimal definer delete "
    "delimiter detach dictionary disable document domain double each enable encoding engine "
    "enum escape event exclude execute extension external family filter first float following "
    "force foreign format function functions generated global group groups handler header "
    "hour identity immediate immutable import include including increment index input insert "
    "instead int integer interval invoker isolation json key label language large last "
    "leakproof level limit local location lock locked logged map mapping match materialized "
    "maxvalue member merge message method minute minvalue mode modifies module month name "
    "names national new next no none notify number numeric object objects off old operator "
    "option options order over owned owner parallel parameter partition password path plan "
    "policy position precision prepare primary privileges procedural procedure program public "
    "publication range read reads real record recursive reference references refresh release "
    "rename replace replica reset restart restrict result return returns role rollback "
    "routine row rows rule safe savepoint scale schema scroll search second security sequence "
    "server session share show simple snapshot source sql stable start state statement "
    "statistics status storage stored strict subscription support system table tables "
    "tablespace template temporary text ties time timestamp tinyint transaction transform "
    "trigger trim truncate trusted type types unique unlogged update usage use user using "
    "uuid valid validator value values varchar varying version view volatile warning week "
    "while window with within work wrapper xml year zone";
constexpr sql::WordSet<sql::count_words(kClauseWordsText)> kClauseWords(kClauseWordsText);

}  // namespace

bool is_clause_word(std::string_view word) { return kClauseWords.contains(sql::Word::of(word)); }

}  // namespace engine::order
