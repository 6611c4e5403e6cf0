#include "engine/run/source_job.h"

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "engine/base/source_memory.h"
#include "engine/glob.h"
#include "engine/run/text_pass.h"
#include "engine/source/survey.h"
#include "engine/sql/detect_dialect.h"
#include "engine/tree/tree_builder.h"

namespace engine::run {
namespace {

// What is large lasts until somebody has time, even where all have other work now.
constexpr std::size_t kLarge = std::size_t{4} << 20;
// What is smaller is done before a worker that sleeps would be of use.
constexpr std::size_t kLeastHelped = std::size_t{16} << 10;
// To find out the dialect of what is larger takes little beside what a wrong guess at it would
// cost.
constexpr std::size_t kMostGuessed = std::size_t{1} << 20;

Team* helpers(Team& team, std::size_t bytes) {
  if (bytes >= kLarge) return team.is_alone() ? nullptr : &team;
  return bytes >= kLeastHelped && team.has_idle() ? &team : nullptr;
}

// False: it is what something speaks for in the first kilobyte, a guess to begin with.
bool find_dialect(tree::SourceFacts* facts, bool is_helped) {
  sql::FirstLook first = sql::first_look(facts->text);
  const bool may_guess = is_helped && facts->text.size() <= kMostGuessed;
  if (!first.verdict && may_guess && first.likely != Dialect::kGeneric) {
    facts->dialect.dialect = first.likely;
    return false;
  }
  facts->dialect = first.verdict ? std::move(*first.verdict) : sql::look_further(facts->text);
  return true;
}

void count_objects(const organize::Drafts& drafts, SourceReport* report) {
  for (const organize::Draft& draft : drafts) {
    if (draft.kind != organize::OutputKind::kDefinition) continue;
    for (const ObjectRef& object : draft.objects) {
      if (object.action == Action::kCreate) ++report->objects[std::string(object.type)];
    }
  }
}

bool is_of_output(ErrorCode code) {
  return code == ErrorCode::kNoSpace || code == ErrorCode::kInTheWay ||
         code == ErrorCode::kUnwritable;
}

// What the user says of this path: the last glob that matches it, else of all paths.
template <class Value>
Value chosen(const std::vector<std::pair<std::string, Value>>& globs, Value otherwise,
             const std::string& path) {
  const Value* named = last_match(globs, path);
  return named != nullptr ? *named : otherwise;
}

}  // namespace

// What a source's bytes come to, before its outputs have places.
struct SourceJob::Text {
  explicit Text(std::pmr::memory_resource* memory) : drafts(memory), needs(memory) {}

  std::unique_ptr<Scratch> scratch;  // holds the text, where that is not part of the bytes
  tree::SourceFacts facts;
  organize::Drafts drafts;
  dependency::NeedGraph needs;
  bool expects_utf8 = false;  // from what its beginning looks like
  bool was_mistaken = false;  // what began as UTF-8 did not go on so; there are no drafts
};

JobResult SourceJob::run(const std::string& path, const Turn& turn, Team& team) {
  JobResult result;
  result.report.path = path;
  Result<void> done = attempt_safely(path, turn, team, &result);
  if (done) return result;
  SourceReport& report = result.report;
  // What was found in it is not in any tree.
  report.objects.clear();
  report.units = report.unclassified_units = 0;
  report.error = done.error().message;
  if (report.error.rfind(path, 0) != 0) report.error.insert(0, path + ": ");
  const bool gone = done.error().code == ErrorCode::kNotFound && !turn.request.submitted;
  report.status = gone ? SourceStatus::kGone : SourceStatus::kFailed;
  report.by_output = is_of_output(done.error().code);
  if (gone) versions_.note(path, {});  // back with the same version it is new all the same
  result.error = Error{done.error().code, report.error, done.error().transient};
  return result;
}

// A port may throw, and memory may run out: that is this source's failure and nobody else's.
Result<void> SourceJob::attempt_safely(const std::string& path, const Turn& turn, Team& team,
                                       JobResult* result) {
  try {
    return attempt(path, turn, team, result);
  } catch (const std::bad_alloc&) {
    return fail_transient(ErrorCode::kInternal, path + ": there is no memory for it");
  } catch (const std::exception& exception) {
    return fail(ErrorCode::kInternal, path + ": stopped by an exception: " + exception.what());
  } catch (...) {
    return fail(ErrorCode::kInternal, path + ": stopped by an unknown exception");
  }
}

// A large text is read from memory once: what only its whole tells comes along. So does the dialect
// of a small one, where somebody helps and the first kilobyte is good for a guess.
Result<SourceJob::Text> SourceJob::read(const std::string& path, std::string_view bytes,
                                        source::Look look, Team* team, SourceReport* report,
                                        SourceMemory* memory) {
  Text made(memory);
  const auto in_scratch = [&](std::size_t size) -> Result<std::span<char>> {
    auto scratch = ports_.files->scratch(size);
    if (!scratch) return tl::make_unexpected(std::move(scratch.error()));
    made.scratch = std::move(*scratch);
    return made.scratch->bytes();
  };
  const Encoding named = chosen(options_.encoding_globs, options_.encoding, path);
  const auto decoded = source::decode(bytes, named, in_scratch, look, given_up_);
  if (!decoded) return tl::make_unexpected(decoded.error());

  tree::SourceFacts& facts = made.facts;
  facts.bytes = bytes;
  facts.text = decoded->text;
  facts.encoding = decoded->encoding;
  made.expects_utf8 = look == source::Look::kFirst && named == Encoding::kAuto &&
                      facts.encoding.encoding == Encoding::kUtf8 && facts.encoding.mark_length == 0;
  facts.dialect.dialect = chosen(options_.dialect_globs, options_.dialect, path);
  facts.dialect.uncertain = false;
  const bool is_guess =
      facts.dialect.dialect == Dialect::kAuto && !find_dialect(&facts, team != nullptr);
  Passed passed = pass_over(&made, is_guess, team, report, memory);
  if (passed == Passed::kFailedPremise) passed = pass_over(&made, false, team, report, memory);
  if (auto wanted = check_wanted(path); !wanted) return tl::make_unexpected(wanted.error());
  made.was_mistaken = passed == Passed::kFailedSurvey;
  if (made.was_mistaken) return made;
  source::warn_of_whole(*decoded, facts.dialect, &report->warnings);
  return made;
}

// By the rules of the dialect in the facts. Where that is a guess, it is what turns out to be right
// afterwards.
Passed SourceJob::pass_over(Text* made, bool is_guess, Team* team, SourceReport* report,
                            SourceMemory* memory) {
  tree::SourceFacts& facts = made->facts;
  source::Survey survey(facts.bytes, facts.encoding.mark_length, facts.text, made->expects_utf8);
  const bool rows_apart = options_.data == DataPlacement::kSeparate;
  sql::DialectGuess found;
  const Premise is_right = [&] {
    found = sql::look_further(facts.text);
    return found.dialect == facts.dialect.dialect;
  };
  TextPass pass(facts.text, facts.dialect.dialect,
                rows_apart ? options_.segment_size : organize::kNoLimit, &survey,
                is_guess ? is_right : Premise(), given_up_, memory);
  const Passed passed = pass.run(team);
  if (passed == Passed::kGivenUp) return passed;
  if (is_guess) facts.dialect = std::move(found);
  if (passed != Passed::kWhole) return passed;
  made->drafts = pass.take_drafts();
  made->needs = pass.take_needs();
  report->units = pass.units();
  report->unclassified_units = pass.unclassified_units();
  report->warnings = pass.warnings();
  facts.hash = survey.hash();
  facts.line_ends = survey.line_ends();
  return passed;
}

Result<void> SourceJob::attempt(const std::string& path, const Turn& turn, Team& team,
                                JobResult* result) {
  const Request& request = turn.request;
  SourceReport& report = result->report;
  auto source = ports_.files->open(path, given_up_);
  if (!source) return tl::make_unexpected(std::move(source.error()));
  report.version = (*source)->version();
  report.version_is_certain = (*source)->version_is_certain();
  report.tree_path = (*source)->tree_path();
  const bool is_wanted =
      request.forced || (request.tree_missing && !ports_.sink->has_tree(report.tree_path));
  if (!is_wanted && versions_.is_last(path, report.version)) {
    report.status = SourceStatus::kUnchanged;
    return {};
  }
  if (options_.no_overwrite && ports_.sink->has_tree((*source)->tree_path())) {
    report.status = SourceStatus::kKept;
    return {};
  }
  const std::string_view bytes = (*source)->bytes();
  report.bytes = bytes.size();
  Team* const helped = helpers(team, bytes.size());
  if (helped != nullptr) helped->expect();
  // Who finds out whether there is room has all of it for the tree.
  SourceMemory memory(turn.is_probe ? nullptr : ports_.files);
  auto text = read(path, bytes, source::Look::kFirst, helped, &report, &memory);
  if (text && text->was_mistaken) {
    text = read(path, bytes, source::Look::kWhole, helped, &report, &memory);
  }
  if (!text) return tl::make_unexpected(std::move(text.error()));

  // From here on every parent, owner and collision is known: the outputs get their places.
  tree::SourceFacts& facts = text->facts;
  facts.path = path;
  facts.tree_path = (*source)->tree_path();
  facts.units = report.units;
  facts.warnings = &report.warnings;
  report.content_hash = facts.hash;
  report.dialect = facts.dialect.dialect;
  report.dialect_uncertain = facts.dialect.uncertain && report.units > 0;
  count_objects(text->drafts, &report);
  const auto published = publish(**source, std::move(*text), helped, &memory);
  if (!published) return tl::make_unexpected(published.error());
  result->published = *published;
  if (report.version_is_certain) versions_.note(path, report.version);
  return {};
}

Result<void> SourceJob::check_wanted(const std::string& path) const {
  if (!given_up_.stop_requested()) return {};
  return fail(ErrorCode::kStopped, path + ": given up, because the engine stops");
}

Result<Published> SourceJob::publish(const SourceText& source, Text text, Team* team,
                                     SourceMemory* memory) {
  tree::SourceFacts& facts = text.facts;
  if (options_.reflink == Reflink::kAuto && facts.bytes.size() >= kLeastShared) {
    const auto block = ports_.sink->block_shared_with(source);
    if (!block) return tl::make_unexpected(block.error());
    facts.shared_block = *block;
  }
  tree::TreeBuilder builder(facts, options_, memory);
  Tree& tree = builder.build(std::move(text.drafts), std::move(text.needs), team, given_up_);
  if (auto wanted = check_wanted(facts.path); !wanted) return tl::make_unexpected(wanted.error());
  if (facts.shared_block != 0) tree.shared = &source;
  tree.team = team;
  tree.given_up = given_up_;
  auto staged = ports_.sink->stage(tree);
  if (!staged) return tl::make_unexpected(std::move(staged.error()));

  if (auto wanted = check_wanted(facts.path); !wanted) return tl::make_unexpected(wanted.error());
  // Beyond this point the version is fixed: what was read is what the file still is.
  if (auto unchanged = source.check_unchanged(); !unchanged) {
    return tl::make_unexpected(std::move(unchanged.error()));
  }
  return (*staged)->commit();
}

}  // namespace engine::run
