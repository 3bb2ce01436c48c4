#include <session_replay.hpp>

#include <iostream>

int main() {
    const auto replay = sr::SessionReplay::start("key");
    std::cout << sr::version() << '\n';
    return replay ? 0 : 1;
}
