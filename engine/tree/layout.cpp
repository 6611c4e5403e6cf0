#include "engine/tree/layout.h"

#include <fmt/format.h>

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/name_map.h"
#include "engine/tree/folders.h"
#include "engine/tree/owners.h"
#include "engine/tree/path_set.h"
#include "engine/tree/safe_name.h"

namespace engine::tree {
namespace {

std::string numbered(std::size_t number) { return fmt::format("{:04}", number); }

std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string all;
  all.reserve(size);
  for (const std::string_view part : parts) all += part;
  return all;
}

// What has no name is called like its owner; a property of a column has the column's name before
// its own.
std::string child_name(const dependency::ObjectKey& child, const dependency::ObjectKey& owner) {
  if (child.name.empty()) return owner.name;
  if (!child.minor) return child.name;
  return child.minor->substr(child.minor->find(' ') + 1) + "." + child.name;
}

class Placing {
 public:
  Placing(const organize::Drafts& drafts, Dialect dialect, Layout layout, DataPlacement data,
          std::pmr::memory_resource* memory)
      : owners_(drafts, dialect, memory),
        layout_(layout),
        data_(data),
        paths_(memory),
        homes_(memory),
        homed_(memory) {}

  /// What it hangs on, as the source defines that; null where it stands by itself.
  std::optional<dependency::ObjectKey> owner_of(const organize::Draft& draft) const {
    const bool named = draft.owner && !draft.owner->name.empty();
    if (draft.kind == organize::OutputKind::kOther ||
        !(named || draft.kind == organize::OutputKind::kSegment)) {
      return std::nullopt;
    }
    return owners_.resolve(*draft.owner);
  }

  std::string path_of(const organize::Draft& draft,
                      const std::optional<dependency::ObjectKey>& owner) {
    switch (draft.kind) {
      case organize::OutputKind::kOther:
        return other_path(layout_, ++others_);
      case organize::OutputKind::kSegment:
        return data_path(*owner);
      case organize::OutputKind::kDefinition:
        break;
    }
    if (draft.change) return change_path(owner ? *owner : draft.own);
    if (owner) return child_path(draft, *owner);
    return object_path(object_home(draft));
  }

  bool is_elsewhere(const organize::Draft& draft,
                    const std::optional<dependency::ObjectKey>& owner) const {
    if (draft.kind == organize::OutputKind::kOther) return false;
    if (!draft.owner) return !draft.created && !draft.change && !owners_.defines(draft.own);
    return !draft.owner->name.empty() && !owners_.defines(*owner);
  }

 private:
  // Where everything of one object lies: a folder in the nested layout, a file without its suffix
  // in the others.
  struct Home {
    using allocator_type = std::pmr::polymorphic_allocator<>;
    explicit Home(const allocator_type& memory) : path(memory), full_name(memory) {}

    std::pmr::string path;
    std::pmr::string full_name;
    std::size_t segments = 0;
    std::size_t changes = 0;
  };

  std::string object_path(const Home& home) const {
    const std::string_view path = home.path;
    if (layout_ != Layout::kNested) return joined({path, ".sql"});
    return joined({path, path.substr(path.rfind('/')), ".sql"});
  }

  std::string data_path(const dependency::ObjectKey& table) {
    if (data_ == DataPlacement::kDrop) return {};
    Home& home = home_of(table);
    if (data_ == DataPlacement::kInline) return object_path(home);
    const std::string number = numbered(++home.segments);
    if (layout_ == Layout::kNested) return joined({home.path, "/data/", number, ".sql"});
    return numbered_path(layout_ == Layout::kFlat ? "" : "data/",
                         layout_ == Layout::kFlat ? "Data." : "", home.full_name, number);
  }

  std::string change_path(const dependency::ObjectKey& object) {
    Home& home = home_of(object);
    if (layout_ == Layout::kCompact) return object_path(home);
    const std::string number = numbered(++home.changes);
    if (layout_ == Layout::kNested) return joined({home.path, "/changes/", number, ".sql"});
    return numbered_path("", "Change.", home.full_name, number);
  }

  std::string numbered_path(const std::string& folder, const std::string& label,
                            std::string_view name, const std::string& number) {
    return paths_.take(folder + safe_name(joined({label, name})) + "." + number, ".sql") + ".sql";
  }

  std::string child_path(const organize::Draft& draft, const dependency::ObjectKey& owner) {
    const Home& home = home_of(owner);
    if (layout_ == Layout::kCompact) return object_path(home);
    const std::string name = child_name(draft.own, owner);
    const bool constraint = draft.own.type == "constraint";
    if (layout_ == Layout::kFlat) {
      const std::string label = flat_label(
          constraint && !draft.constraint_kind.empty() ? draft.constraint_kind : draft.own.type);
      return paths_.take(safe_name(label + "." + owners_.full_name(owner) + "." + name), ".sql") +
             ".sql";
    }
    const std::string folder =
        constraint ? constraint_folder(draft.constraint_kind) : folder_of(draft.own.type);
    return paths_.take(joined({home.path, "/", folder, "/", safe_name(name)}), ".sql") + ".sql";
  }

  // Overloads are objects of their own, each with a home.
  const Home& object_home(const organize::Draft& draft) {
    std::string key = owners_.key(draft.own);
    if (!add_name(&homed_, key)) {
      key += '\0';
      key += std::to_string(homed_.size());
    }
    return home(key, draft.own);
  }

  Home& home_of(const dependency::ObjectKey& object) { return home(owners_.key(object), object); }

  Home& home(std::string_view key, const dependency::ObjectKey& object) {
    const auto [entry, added] = try_name(&homes_, key);
    Home& found = entry->second;
    if (added) {
      const std::string name = owners_.full_name(object);
      found.full_name = name;
      found.path = layout_ == Layout::kFlat
                       ? paths_.take(safe_name(flat_label(object.type) + "." + name), ".sql")
                       : paths_.take(folder_of(object.type) + "/" + safe_name(name),
                                     layout_ == Layout::kCompact ? ".sql" : "");
    }
    return found;
  }

  Owners owners_;
  const Layout layout_;
  const DataPlacement data_;
  PathSet paths_;
  NameMap<Home> homes_;  // by key
  NameSet homed_;        // keys that have their own file already
  std::size_t others_ = 0;
};

}  // namespace

std::string other_path(Layout layout, std::size_t number) {
  return (layout == Layout::kFlat ? "Other." : "other/") + numbered(number) + ".sql";
}

Places places_of(const organize::Drafts& drafts, Dialect dialect, Layout layout, DataPlacement data,
                 std::pmr::memory_resource* memory) {
  Placing placing(drafts, dialect, layout, data, memory);
  Places places(memory);
  places.paths.reserve(drafts.size());
  for (const organize::Draft& draft : drafts) {
    const std::optional<dependency::ObjectKey> owner = placing.owner_of(draft);
    places.paths.emplace_back(placing.path_of(draft, owner));
    places.elsewhere.push_back(placing.is_elsewhere(draft, owner));
  }
  return places;
}

}  // namespace engine::tree
