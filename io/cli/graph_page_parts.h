// graph_page_parts: what the page of graph_page() is put together from: graph_page.html, in which
// @d3@, @dagre@ and @graph@ stand for the rest, and the two libraries. The source of this header is
// made by CMakeLists.txt.
//
// Thread contract: constants.
#pragma once

#include <string_view>

namespace engine::io {

std::string_view page_frame();
std::string_view page_d3();
std::string_view page_dagre();

}  // namespace engine::io
