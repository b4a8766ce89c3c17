// Builds every long-lived object in dependency order, serves until SIGTERM or SIGINT, and takes them down in
// reverse.
#pragma once

#include "app/installation.h"
#include "base/config.h"

#include <functional>

namespace kutsu::app
{

struct ServeExtras
{
    // After the listening line; the program's own services.
    std::function<void(Services&)> when_ready;
    bool play = false;          // visitors come and sessions move, for demonstrations
    bool say_localhost = false; // links say localhost instead of 127.0.0.1
};

// The caller holds the DataLock, has migrated and blocks the signals of serve_signals() in all threads.
int serve(Config const& config, Installation& installation, ServeExtras const& extras = {});

// SIGTERM, SIGINT, SIGCHLD: blocked before the first thread is made, waited for by the main thread.
void block_serve_signals();

}
