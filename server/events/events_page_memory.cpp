#include "events/events_page_memory.h"

#include "events/events_page_views.h"
#include "registration/registration_pages.h"

namespace kutsu::events
{

PageMemory::Kept PageMemory::event_page(html::Surroundings const& in, EventPtr const& event)
{
    constexpr std::size_t most_pages = 512;
    std::pair const key(event->slug, in.language);
    auto const state = registration_state(*event, in.now);
    bool const is_over = event->span.ends.at <= in.now;
    // While the database is away each page tells its age.
    bool const can_keep = !in.as_of;
    if (can_keep) {
        std::scoped_lock const lock(guard_);
        auto const found = kept_.find(key);
        if (found != kept_.end() && found->second.event == event && found->second.state == state &&
            found->second.is_over == is_over)
            return found->second;
    }
    auto form = registration::blank_form(in, *event);
    bool const has_form = !form.empty();
    auto page = std::make_shared<std::string const>(render_event_page({in, *event, std::move(form)}));
    Kept const made{event, state, is_over, has_form, std::move(page)};
    if (can_keep) {
        std::scoped_lock const lock(guard_);
        if (kept_.size() >= most_pages)
            kept_.clear();
        kept_[key] = made;
    }
    return made;
}

}
