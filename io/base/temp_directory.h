// temp_directory: where large temporary texts lie when there is no OUTPUT to put them beside.
//
// Thread contract: a free function; it reads the environment.
#pragma once

#include <string>

namespace engine::io {

/// $TMPDIR; else /var/tmp, because /tmp is memory on many machines; else /tmp.
std::string temp_directory();

}  // namespace engine::io
