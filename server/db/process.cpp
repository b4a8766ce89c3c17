#include "db/process.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace kutsu::db
{
namespace
{

Account account_of(passwd const& entry)
{
    std::array<gid_t, 64> groups{};
    int count = static_cast<int>(groups.size());
    if (::getgrouplist(entry.pw_name, entry.pw_gid, groups.data(), &count) < 0)
        count = static_cast<int>(groups.size());
    return {entry.pw_name, entry.pw_uid, entry.pw_gid, {groups.begin(), groups.begin() + count}};
}

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> result;
    for (auto& text : texts)
        result.push_back(text.data());
    result.push_back(nullptr);
    return result;
}

// PostgreSQL gets little of our environment: variables named PG… or LC_… would change what it does.
std::vector<std::string> environment()
{
    std::vector<std::string> variables = {"LC_ALL=C", "HOME=/", "PATH=/usr/bin:/bin"};
    if (auto const* libraries = std::getenv("LD_LIBRARY_PATH"))
        variables.push_back(std::string("LD_LIBRARY_PATH=") + libraries);
    return variables;
}

// What follows runs in the child of a process that may have threads: nothing but system calls.

bool become(Account const& account)
{
    return ::setgroups(account.groups.size(), account.groups.data()) == 0 && ::setgid(account.gid) == 0 &&
           ::setuid(account.uid) == 0;
}

void reset_signals()
{
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (auto const each : {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2})
        ::signal(each, SIG_DFL);
}

[[noreturn]] void execute(Launch const& launch, pid_t parent, char* const* arguments, char* const* variables)
{
    reset_signals();
    ::setsid();
    ::umask(077);
    int const nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(launch.output >= 0 ? launch.output : nothing, STDOUT_FILENO);
    ::dup2(launch.output >= 0 ? launch.output : nothing, STDERR_FILENO);
    ::close_range(3, ~0U, 0);
    if (launch.account && !become(*launch.account))
        ::_exit(126);
    // After the change of account, which clears it.
    if (launch.death_signal && (::prctl(PR_SET_PDEATHSIG, launch.death_signal) != 0 || ::getppid() != parent))
        ::_exit(125);
    if (::chdir("/") != 0)
        ::_exit(124);
    ::execve(arguments[0], arguments, variables);
    ::_exit(127);
}

}

std::optional<Account> find_account(std::string const& name)
{
    auto const* entry = ::getpwnam(name.c_str());
    return entry ? std::optional(account_of(*entry)) : std::nullopt;
}

std::optional<Account> find_account(uid_t uid)
{
    auto const* entry = ::getpwuid(uid);
    return entry ? std::optional(account_of(*entry)) : std::nullopt;
}

pid_t launch(Launch const& launch)
{
    auto words = launch.arguments;
    words.insert(words.begin(), launch.program.string());
    auto variables = environment();
    auto const arguments = pointers(words);
    auto const settings = pointers(variables);
    auto const parent = ::getpid();
    auto const child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0)
        execute(launch, parent, arguments.data(), settings.data());
    return child;
}

int wait_for(pid_t process)
{
    int status = 0;
    while (::waitpid(process, &status, 0) < 0) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string output_of(std::filesystem::path const& program, std::vector<std::string> const& arguments)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    auto const child = launch({program, arguments, {}, ends[1], SIGKILL});
    ::close(ends[1]);
    std::string output;
    std::array<char, 512> buffer{};
    for (ssize_t size = 0; (size = ::read(ends[0], buffer.data(), buffer.size())) > 0;)
        output.append(buffer.data(), static_cast<std::size_t>(size));
    ::close(ends[0]);
    return wait_for(child) == 0 ? output : std::string();
}

bool can_enter(Account const& account, std::filesystem::path const& folder)
{
    auto const path = folder.string();
    auto const child = ::fork();
    if (child < 0)
        throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0)
        ::_exit(become(account) && ::access(path.c_str(), X_OK) == 0 ? 0 : 1);
    return wait_for(child) == 0;
}

}
