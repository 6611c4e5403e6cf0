#include "io/base/os_error.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace engine::io {
namespace {

Error error_of(int error) { return os_error(ErrorCode::kUnwritable, "a", "b", error).value(); }

TEST(OsError, IsOneLinePathFirst) {
  EXPECT_EQ(error_of(EACCES).message, "a: b: Permission denied");
}

TEST(OsError, WhatMayGoAwayIsTransient) {
  for (const int error : {EIO, EMFILE, ENFILE, ENOMEM}) {
    EXPECT_TRUE(error_of(error).transient) << error;
    EXPECT_EQ(error_of(error).code, ErrorCode::kUnwritable) << error;
  }
  for (const int error : {EACCES, EROFS, ENAMETOOLONG, ENOTDIR, ELOOP, EXDEV}) {
    EXPECT_FALSE(error_of(error).transient) << error;
  }
}

TEST(OsError, AFullDiskOrQuotaIsNoSpaceWhateverWasBeingDone) {
  for (const int error : {ENOSPC, EDQUOT}) {
    EXPECT_EQ(error_of(error).code, ErrorCode::kNoSpace);
    EXPECT_TRUE(error_of(error).transient);
  }
}

}  // namespace
}  // namespace engine::io
