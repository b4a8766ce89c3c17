// Every piece of code with time takes a Clock. Instants are UTC milliseconds.
#pragma once

#include <chrono>

namespace kutsu
{

using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

inline std::int64_t to_ms(Instant at)
{
    return at.time_since_epoch().count();
}

inline Instant from_ms(std::int64_t ms)
{
    return Instant(std::chrono::milliseconds(ms));
}

class Clock
{
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

// The machine's clock.
class SystemClock : public Clock
{
public:
    Instant now() const override
    {
        return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

// Starts at a given instant when made and runs on (--clock).
class ShiftedClock : public Clock
{
public:
    explicit ShiftedClock(Instant start) : start_(start) {}

    Instant now() const override
    {
        return start_ + std::chrono::duration_cast<std::chrono::milliseconds>(
                            std::chrono::steady_clock::now() - made_);
    }

private:
    Instant start_;
    std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
};

// Stands still until told otherwise; for tests.
class FixedClock : public Clock
{
public:
    explicit FixedClock(Instant at) : at_(at) {}
    Instant now() const override { return at_; }
    void set(Instant at) { at_ = at; }

private:
    Instant at_;
};

}
