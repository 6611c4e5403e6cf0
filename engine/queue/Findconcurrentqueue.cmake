# concurrentqueue::concurrentqueue: a header that Debian's libconcurrentqueue-dev brings without a
# CMake or pkg-config file. Installed beside the package's own file, for whoever links the library.
find_path(concurrentqueue_INCLUDE_DIR concurrentqueue/concurrentqueue.h)
mark_as_advanced(concurrentqueue_INCLUDE_DIR)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(concurrentqueue REQUIRED_VARS concurrentqueue_INCLUDE_DIR)
if(concurrentqueue_FOUND AND NOT TARGET concurrentqueue::concurrentqueue)
  add_library(concurrentqueue::concurrentqueue INTERFACE IMPORTED)
  set_target_properties(concurrentqueue::concurrentqueue PROPERTIES
                        INTERFACE_INCLUDE_DIRECTORIES ${concurrentqueue_INCLUDE_DIR})
endif()
