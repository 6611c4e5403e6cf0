// remove_all: deletes an entry of a directory and everything below it; links are not followed.
//
// Thread contract: a free function, safe from any thread.
// Errors: 0, or the errno of the first entry that would not go; the others are deleted.
#pragma once

#include <string>

namespace engine::io {

int remove_all(int directory, const std::string& name);

}  // namespace engine::io
