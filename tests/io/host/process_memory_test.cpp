#include "io/host/process_memory.h"

#include <gtest/gtest.h>

#include "tests/support/host_tree.h"

namespace engine::io {
namespace {

using test::HostTree;

TEST(ProcessMemory, PeakRssIsTheKernelsHighWaterMark) {
  HostTree host;
  host.write("proc/self/status", "Name:\tengine\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n");
  EXPECT_EQ(peak_rss_bytes(host.root()), 2048u * 1024);
}

TEST(ProcessMemory, PeakAnonymousIsTheHighestSample) {
  HostTree host;
  PeakAnonymousMemory peak(host.root());
  for (const char* kilobytes : {"10", "30", "20"}) {
    host.write("proc/self/status", std::string("RssAnon:\t") + kilobytes + " kB\n");
    peak.sample();
  }
  EXPECT_EQ(peak.bytes(), 30u * 1024);
}

TEST(ProcessMemory, ASilentKernelMeansZero) {
  const HostTree host;
  EXPECT_EQ(peak_rss_bytes(host.root()), 0u);
  PeakAnonymousMemory peak(host.root());
  peak.sample();
  EXPECT_EQ(peak.bytes(), 0u);
}

TEST(ProcessMemory, ThisProcessHasSome) {
  PeakAnonymousMemory peak;
  peak.sample();
  EXPECT_GT(peak.bytes(), 0u);
  EXPECT_GE(peak_rss_bytes(), peak.bytes());
}

}  // namespace
}  // namespace engine::io
