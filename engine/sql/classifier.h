// Classifier: what each unit and directive of a script is, and what it does to which objects. It
// follows the script's state (USE), so it must see the parts in order.
//
// Thread contract: confined to one thread; borrows the text.
// Cost: a unit that fills the same table as the one before it, by the same words, is recognised by
// comparing those words.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dialect.h"
#include "engine/sql/splitter.h"
#include "engine/sql/statement.h"

namespace engine::sql {

class Classifier {
 public:
  Classifier(std::string_view text, Dialect dialect) : text_(text), dialect_(dialect) {}

  /// The statements of a unit or directive; they tile it. `statements` is overwritten, and valid
  /// until the next call.
  const std::vector<Statement>& classify(const SplitPart& part);

  /// The last call found the same table filled by the same words as the call before.
  bool same_data_as_before() const { return same_data_; }

 private:
  void classify_directive(const SplitPart& part);
  void classify_batch(const SplitPart& part);
  void classify_unit(const SplitPart& part);
  void follow_use(const Statement& statement);
  void apply_state(Statement* statement) const;
  void remember_data(const SplitPart& part);

  std::string_view text_;
  Dialect dialect_;
  std::vector<Statement> statements_;
  std::optional<std::string> database_;  // of USE
  std::string_view data_head_;           // the words of the last INSERT, to behind its table's name
  bool same_data_ = false;
};

}  // namespace engine::sql
