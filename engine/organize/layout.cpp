#include "engine/organize/layout.h"

#include <cstdio>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "engine/organize/folders.h"
#include "engine/organize/object_key.h"
#include "engine/organize/safe_name.h"
#include "engine/sql/ascii.h"

namespace engine::organize {
namespace {

std::string numbered(std::size_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "%04zu.sql", number);
  return text;
}

class NestedLayout {
 public:
  explicit NestedLayout(Dialect dialect) : keys_(dialect) {}

  std::vector<std::string> place(const std::vector<Draft>& drafts) {
    // What objects there are comes first: a child may stand before its parent.
    for (const Draft& draft : drafts) {
      if (draft.kind == OutputKind::kDefinition && !draft.owner) {
        defined_.emplace(keys_.key(draft.own), draft.own);
        if (draft.own.signature)
          defined_.emplace(keys_.key(without_signature(draft.own)), draft.own);
      }
      note_database(draft.own);
      if (draft.owner) note_database(*draft.owner);
    }
    std::vector<std::string> paths;
    paths.reserve(drafts.size());
    for (const Draft& draft : drafts) paths.push_back(path_of(draft));
    return paths;
  }

 private:
  std::string path_of(const Draft& draft) {
    if (draft.kind == OutputKind::kOther) return "other/" + numbered(++others_);
    if (draft.kind == OutputKind::kSegment) {
      const std::string& home = home_of(resolve(*draft.owner));
      return home + "/data/" + numbered(++segments_[home]);
    }
    if (draft.owner && !draft.owner->name.empty()) return child_path(draft);
    const std::string& home = object_home(draft);
    return home + home.substr(home.rfind('/')) + ".sql";
  }

  std::string child_path(const Draft& draft) {
    const std::string folder = draft.own.type == "constraint"
                                   ? constraint_folder(draft.constraint_kind)
                                   : folder_of(draft.own.type);
    const ObjectKey owner = resolve(*draft.owner);
    const std::string& name = draft.own.name.empty() ? owner.name : draft.own.name;
    return unused(home_of(owner) + "/" + folder + "/" + safe_name(name), ".sql") + ".sql";
  }

  // Overloads are objects of their own, each with a folder.
  const std::string& object_home(const Draft& draft) {
    std::string key = keys_.key(draft.own);
    if (!homed_.insert(key).second) {
      key += '\0';
      key += std::to_string(homed_.size());
    }
    return home(std::move(key), draft.own);
  }

  const std::string& home_of(const ObjectKey& object) { return home(keys_.key(object), object); }

  const std::string& home(std::string key, const ObjectKey& object) {
    const auto [entry, added] = homes_.try_emplace(std::move(key));
    if (added) {
      entry->second = unused(folder_of(object.type) + "/" + safe_name(full_name(object)), "");
    }
    return entry->second;
  }

  static ObjectKey without_signature(ObjectKey key) {
    key.signature.reset();
    return key;
  }

  // Names are as short as the source allows: the database, or a schema that only USE names, is told
  // where there is more than one.
  void note_database(const ObjectKey& object) {
    if (object.database) databases_.insert(*object.database);
    if (object.schema_implied) databases_.insert(*object.schema);
  }

  std::string full_name(const ObjectKey& object) const {
    std::string name;
    if (object.database && databases_.size() > 1) name += *object.database + ".";
    if (object.schema && (!object.schema_implied || databases_.size() > 1)) {
      name += *object.schema + ".";
    }
    return name + object.name;
  }

  // The owner as the source defines it; a table where it does not.
  ObjectKey resolve(ObjectKey owner) const {
    constexpr std::string_view kOwnerTypes[] = {"table",   "function", "procedure", "aggregate",
                                                "package", "type",     "synonym"};
    if (const auto found = find(owner)) return *found;
    if (!owner.type.empty()) return owner;
    for (const std::string_view type : kOwnerTypes) {
      owner.type = type;
      if (const auto found = find(owner)) return *found;
    }
    owner.type = "table";
    return owner;
  }

  std::optional<ObjectKey> find(const ObjectKey& object) const {
    auto found = defined_.find(keys_.key(object));
    if (found == defined_.end()) found = defined_.find(keys_.key(without_signature(object)));
    if (found == defined_.end()) return std::nullopt;
    return found->second;
  }

  // `path`, or "path~2", "path~3", ... where one like it is taken.
  std::string unused(const std::string& path, std::string_view suffix) {
    std::string candidate = path;
    std::size_t& number = next_number_.try_emplace(folded(path, suffix), 2).first->second;
    while (!taken_.insert(folded(candidate, suffix)).second) {
      candidate = path + "~" + std::to_string(number++);
    }
    return candidate;
  }

  static std::string folded(std::string_view path, std::string_view suffix) {
    std::string out = sql::lower(path);
    out += suffix;
    return out;
  }

  KeyMaker keys_;
  std::unordered_map<std::string, ObjectKey> defined_;
  std::unordered_set<std::string> databases_;
  std::unordered_map<std::string, std::string> homes_;  // folders of objects, by key
  std::unordered_set<std::string> homed_;               // keys that have their own file already
  std::unordered_set<std::string> taken_;
  std::unordered_map<std::string, std::size_t> next_number_;  // to try for a path that is taken
  std::unordered_map<std::string, std::size_t> segments_;
  std::size_t others_ = 0;
};

}  // namespace

std::vector<std::string> nested_paths(const std::vector<Draft>& drafts, Dialect dialect) {
  return NestedLayout(dialect).place(drafts);
}

}  // namespace engine::organize
