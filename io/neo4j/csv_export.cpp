#include "io/neo4j/csv_export.h"

#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "io/base/os_error.h"
#include "io/neo4j/cypher.h"

namespace engine::io {
namespace {

using Json = nlohmann::ordered_json;

// One file; what was written into it is known to be there when finish() has said so.
class CsvFile {
 public:
  CsvFile(const std::filesystem::path& directory, std::string_view name)
      : path_(directory / name), file_(path_) {
    note_failure();
  }

  void line(std::string_view text) {
    file_ << text << '\n';
    note_failure();
  }

  CsvFile& text(std::string_view value) {
    separate();
    row_ += '"';
    for (const char c : value) {
      if (c == '"') row_ += '"';
      row_ += c;
    }
    row_ += '"';
    return *this;
  }

  // Nothing between two commas is nothing; "" is an empty text.
  CsvFile& value(const Json& value, char list_separator) {
    if (value.is_string()) return text(value.get_ref<const std::string&>());
    if (value.is_array() && !value.empty()) return text(joined(value, list_separator));
    separate();
    if (!value.is_null() && !value.is_array()) row_ += value.dump();
    return *this;
  }

  void end_row() {
    line(row_);
    row_.clear();
    begins_ = true;
  }

  Result<void> finish() {
    file_.close();
    note_failure();
    if (error_ == 0) return {};
    return os_error(ErrorCode::kUnwritable, path_.string(), "cannot write", error_);
  }

 private:
  static std::string joined(const Json& names, char separator) {
    std::string text;
    for (const Json& name : names) {
      if (!text.empty()) text += separator;
      text += name.get_ref<const std::string&>();
    }
    return text;
  }

  void separate() {
    if (!begins_) row_ += ',';
    begins_ = false;
  }

  void note_failure() {
    if (!file_ && error_ == 0) error_ = errno != 0 ? errno : EIO;
  }

  std::filesystem::path path_;
  std::ofstream file_;
  std::string row_;
  bool begins_ = true;
  int error_ = 0;
};

class CsvExport {
 public:
  CsvExport(const PropertyGraph& graph, const std::filesystem::path& directory)
      : graph_(graph), directory_(directory) {
    for (const PropertyNode& node : graph.nodes()) look_at(node.key);
    for (const PropertyEdge& edge : graph.edges()) {
      if (edge.edge == nullptr) continue;
      for (const std::string& column : edge.edge->columns) look_at(column);
      for (const std::string& column : edge.edge->target_columns) look_at(column);
    }
  }

  Result<void> write() {
    for (const auto step : {&CsvExport::write_nodes, &CsvExport::write_relationships,
                            &CsvExport::write_arguments, &CsvExport::write_constraints}) {
      if (Result<void> written = (this->*step)(); !written) return written;
    }
    return {};
  }

 private:
  // Names may hold anything; what an import reads by default fits nearly all of them.
  void look_at(std::string_view name) {
    if (name.find_first_of("\r\n") != std::string_view::npos) has_line_ends_ = true;
    if (name.find(';') != std::string_view::npos) list_separator_ = '\x1f';
  }

  Result<void> write_nodes() {
    CsvFile sources(directory_, "sources.csv");
    CsvFile objects(directory_, "objects.csv");
    sources.line("key:ID,output,tree,path,dialect,:LABEL");
    objects.line(
        "key:ID,output,tree,type,database,schema,name,parent,signature,minor,constraint_kind,"
        "dialect,source,file,line:long,defined:boolean,:LABEL");
    for (const PropertyNode& node : graph_.nodes()) {
      CsvFile& file = node.source != nullptr ? sources : objects;
      file.text(node.key);
      for (const Json& value : graph_.properties(node)) file.value(value, list_separator_);
      const std::string label = node_label(node);
      file.text(node.source != nullptr ? label : std::string("Object") + list_separator_ + label);
      file.end_row();
    }
    Result<void> written = sources.finish();
    return written ? objects.finish() : written;
  }

  Result<void> write_relationships() {
    CsvFile file(directory_, "relationships.csv");
    file.line(":START_ID,:END_ID,:TYPE,line:long,columns:string[],target_columns:string[]");
    for (const PropertyEdge& edge : graph_.edges()) {
      file.text(graph_.nodes()[edge.from].key).text(graph_.nodes()[edge.to].key).text(edge.type);
      const Json properties = PropertyGraph::properties(edge);
      for (const char* name : {"line", "columns", "target_columns"}) {
        file.value(properties.value(name, Json()), list_separator_);
      }
      file.end_row();
    }
    return file.finish();
  }

  // A bare word behind --relationships is taken for a file, so the list of files comes first.
  Result<void> write_arguments() {
    CsvFile file(directory_, "import.args");
    // A word with a space is quoted as a whole.
    const auto argument = [this](const std::string& option, std::string_view name) {
      const std::filesystem::path path = std::filesystem::absolute(directory_) / name;
      return Json(option + path.string()).dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    file.line(argument("--nodes=", "sources.csv"));
    file.line(argument("--nodes=", "objects.csv"));
    file.line(argument("--relationships=", "relationships.csv"));
    file.line(fmt::format("--array-delimiter=U+{:04X}", static_cast<int>(list_separator_)));
    file.line(fmt::format("--multiline-fields={}", has_line_ends_));
    return file.finish();
  }

  Result<void> write_constraints() {
    CsvFile file(directory_, "constraints.cypher");
    for (const std::string_view constraint : kConstraints) file.line(std::string(constraint) + ';');
    return file.finish();
  }

  const PropertyGraph& graph_;
  const std::filesystem::path& directory_;
  bool has_line_ends_ = false;
  char list_separator_ = ';';
};

}  // namespace

Result<void> export_csv(const PropertyGraph& graph, const std::filesystem::path& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) {
    return os_error(ErrorCode::kUnwritable, directory.string(), "cannot make it", error.value());
  }
  return CsvExport(graph, directory).write();
}

}  // namespace engine::io
