// remove_all: deletes an entry of a directory and everything below it; links are not followed.
//
// Thread contract: a free function, safe from any thread.
// Errors: 0, or the errno of the first entry that would not go; the others are deleted.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>

namespace engine::io {

/// When `hurry` is requested, it goes on for `grace` at most: ECANCELED, and the rest is left.
int remove_all(int directory, const std::string& name, const std::stop_token& hurry = {},
               std::chrono::milliseconds grace = std::chrono::milliseconds(100));

}  // namespace engine::io
