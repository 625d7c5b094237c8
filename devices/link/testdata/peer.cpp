// A peer of a Link session by Ableton's own library, for the tests: it says
// every 20 ms what beat it is and at what time, and takes a new tempo from
// each line it reads.
//
//	g++ -std=c++11 -DLINK_PLATFORM_LINUX=1 -pthread -o peer peer.cpp
#include <ableton/Link.hpp>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <thread>

int main(int argc, char** argv) {
  ableton::Link link(atof(argv[1]));
  link.enable(true);
  std::thread([&] {
    std::string line;
    while (std::getline(std::cin, line)) {
      auto state = link.captureAppSessionState();
      state.setTempo(atof(line.c_str()), link.clock().micros());
      link.commitAppSessionState(state);
    }
    std::exit(0);
  }).detach();
  for (;;) {
    auto state = link.captureAppSessionState();
    timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    auto at = link.clock().micros();
    printf("%lld %.9f %.9f %zu\n", t.tv_sec * 1000000000LL + t.tv_nsec, state.beatAtTime(at, 4), state.tempo(), link.numPeers());
    fflush(stdout);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}
