// kutsu: a server for seminars, press conferences and study trips across borders. What the command line says
// is read in app/command_line, what each command does stands in app/commands; the server is put together in
// app/serve.
#include "app/command_line.h"
#include "app/commands.h"
#include "app/serve.h"
#include "base/secret.h"

int main(int argc, char** argv)
{
    // Before the first thread, so that every thread inherits it.
    kutsu::app::block_serve_signals();
    kutsu::init_crypto();
    auto const line = kutsu::app::read_command_line(argc, argv);
    return line ? kutsu::app::run_command(*line) : line.error();
}
