// Rendered pages of events, kept as long as nothing they show has changed: an event is replaced as a whole,
// so its address in memory tells; what the clock changes is the state of registration and the end.
#pragma once

#include "events/catalogue.h"
#include "html/frame.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace kutsu::events
{

class PageMemory
{
public:
    struct Kept
    {
        EventPtr event; // keeps the address from being used again
        RegistrationState state = RegistrationState::none;
        bool is_over = false;
        bool has_form = false;
        std::shared_ptr<std::string const> page;
    };

    // Its form, if any, has no id and no time yet.
    Kept event_page(html::Surroundings const& in, EventPtr const& event);

private:
    std::mutex guard_;
    std::map<std::pair<std::string, std::string>, Kept> kept_; // by slug and language
};

}
