// service_manager: tells systemd how far the service is (Type=notify).
//
// Thread contract: a free function, safe from any thread.
// Errors: nobody listening is none.
// Source: sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names.
#pragma once

#include <string_view>

namespace engine::io {

/// "READY=1", "STOPPING=1", "STATUS=..."
void tell_service_manager(std::string_view state);

}  // namespace engine::io
