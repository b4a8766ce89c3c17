#include "net/core.h"

#include "base/log.h"
#include "net/handshake.h"
#include "net/metrics.h"

#include <boost/core/demangle.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <random>

namespace kutsu::net
{
namespace
{

// A person's network is the /64 in IPv6.
std::string network_of(std::string const& address)
{
    boost::system::error_code failed;
    auto const parsed = asio::ip::make_address(address, failed);
    if (failed || !parsed.is_v6() || parsed.to_v6().is_v4_mapped())
        return address;
    auto bytes = parsed.to_v6().to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
    return asio::ip::address_v6(bytes).to_string();
}

}

Admission::~Admission()
{
    if (core_)
        core_->leave(address_);
}

void SocketPlace::count_sockets(int by)
{
    static std::atomic<int> open = 0;
    gauge("kutsu_sockets", open += by);
}

std::optional<Admission> Core::admit(std::string const& address)
{
    std::lock_guard const lock(mutex_);
    if (connections_ >= options.connection_limit)
        return std::nullopt;
    if (!is_exempt(address)) {
        auto& from_there = by_address_[network_of(address)];
        if (from_there >= options.connections_per_address)
            return std::nullopt;
        ++from_there;
    }
    gauge("kutsu_connections", static_cast<double>(++connections_));
    return std::optional<Admission>(std::in_place, *this, address);
}

bool Core::wait_until_empty(std::chrono::milliseconds patience)
{
    std::unique_lock lock(mutex_);
    return empty_.wait_for(lock, patience, [this] { return connections_ == 0; });
}

void Core::leave(std::string const& address)
{
    std::lock_guard const lock(mutex_);
    if (!is_exempt(address)) {
        auto const found = by_address_.find(network_of(address));
        if (found != by_address_.end() && --found->second == 0)
            by_address_.erase(found);
    }
    gauge("kutsu_connections", static_cast<double>(--connections_));
    if (connections_ == 0)
        empty_.notify_all();
}

bool Core::is_exempt(std::string const& address) const
{
    return is_loopback(address) ||
           std::ranges::find(options.trusted_proxies, address) != options.trusted_proxies.end();
}

Peer::Peer(Thread& thread) : thread_(thread)
{
    thread_.peers.insert(this);
}

Peer::~Peer()
{
    thread_.peers.erase(this);
}

std::string new_request_id()
{
    thread_local std::mt19937_64 numbers{(std::uint64_t{std::random_device{}()} << 32) ^
                                         std::random_device{}()};
    return fmt::format("{:016x}", numbers());
}

std::string describe_failure(std::exception_ptr const& failure)
{
    try {
        std::rethrow_exception(failure);
    } catch (std::system_error const& error) {
        return fmt::format("{}: {}", boost::core::demangle(typeid(error).name()), error.code().message());
    } catch (std::logic_error const& error) { // written by us, about us
        return fmt::format("{}: {}", boost::core::demangle(typeid(error).name()), error.what());
    } catch (std::exception const& error) { // the database's words, for one, quote what people typed
        return boost::core::demangle(typeid(error).name());
    } catch (...) {
        return "something that is no std::exception";
    }
}

void note_escape(std::exception_ptr const& failure)
{
    if (!failure)
        return;
    count("kutsu_exceptions_total");
    log_error("an exception escaped", {{"what", describe_failure(failure)}});
}

}
