// The public pages of registration, complete without JavaScript: the form (S3) and a registration's own page
// (S4). Hooks for the browser's modules: events/events_pages.h. Renderers are pure; nothing ever happens on
// GET.
#pragma once

#include "base/services.h"
#include "events/catalogue.h"
#include "html/forms.h"
#include "html/frame.h"
#include "net/http.h"
#include "registration/registration.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

class Uploads;

// "/{lang}/events/{slug}/registrations", "/{lang}/registrations/{token}"; below both "/files" takes the same
// form with files in it.
std::vector<net::Route> page_routes(Services& services, html::Assets const& assets, Uploads& uploads);

// The empty form of an event, for its own page; nothing when nobody can register now. It has no id and no
// time yet, so that a page with it can be kept; with_fresh_ids() gives it both.
html::SafeHtml blank_form(html::Surroundings const& in, events::Event const& event);
std::string with_fresh_ids(Services& services, std::string_view page);

// ── Renderers ──
struct FormView
{
    html::Surroundings in;
    events::Event const& event;
    html::FormState state;
    std::string submission_id;
    std::string form_time;
    std::vector<std::string> notes; // about the form as a whole
    html::SafeHtml invitation;      // whose it is and how to decline it; above the form
};
html::SafeHtml render_form(FormView const& view);
std::string render_form_page(FormView const& view);
// The form's page when there is no form to fill: the notes, and what is so.
std::string render_closed_page(FormView const& view);

struct OwnView
{
    html::Surroundings in;
    Registration const& registration;
    events::EventPtr event; // null: no longer there
    html::FormState change; // what the form for changes shows
    std::string done;       // what has just been done: change, cancel, accept-offer, decline-offer
    std::vector<std::string> notes;
    std::string answering;  // the question of the second step that was just answered, wrongly
    html::FormState answer; // what its form shows
};
std::string render_own_page(OwnView const& view);
std::string render_cancel_page(OwnView const& view);
std::string render_transfer_page(OwnView const& view);
std::string render_erase_page(OwnView const& view);
std::string render_programme_page(OwnView const& view); // the event must be there

// Where a lost link is asked for: "/{lang}/registrations/".
struct LostLinkView
{
    html::Surroundings in;
    html::FormState state;  // email, event
    events::EventPtr event; // the one asked about; null: all
    std::string done;       // what has just been done: lost-link, transfer, erase
    std::vector<std::string> notes;
};
std::string render_lost_link_page(LostLinkView const& view);

// ── Pieces of the two forms ──
// Where the event can be followed from afar, too.
void add_attendance(html::Html& html, html::FormState const& form, events::Event const& event);
void add_participant_type(html::Html& html, html::FormState const& form, events::Event const& event);
void add_session_choices(html::Html& html, html::FormState const& form, events::Event const& event);
// The questions of the first step.
void add_questions(html::Html& html, html::FormState const& form, events::Event const& event);
// One of them: with the words of its condition, or as if it were asked anyway.
void add_one_question(html::Html& html, html::FormState const& form, events::Event const& event,
                      events::Question const& question);
void add_bare_question(html::Html& html, html::FormState const& form, events::Question const& question);
// A form with files goes as multipart, to an address that takes more.
bool asks_for_files(events::Event const& event);
html::Field name_field(std::string_view language);
html::Field other_script_field(std::string_view language);
html::Field organisation_field(std::string_view language);
void add_language_choice(html::Html& html, html::FormState const& form);
// The label of a field of the contract, for the summary of errors; "" when there is none.
std::string label_of(std::string_view language, events::Event const& event, std::string_view field);
// What a registration holds, under the names of the form's fields.
html::Values values_of(Registration const& registration);
// Rows of companions renumbered without gaps, so that errors name the rows the form shows.
std::vector<std::pair<std::string, std::string>>
without_gaps(std::vector<std::pair<std::string, std::string>> fields);

// ── Signals of a form post: never needed, only weighed ──
std::string form_time(Key const& key, Instant now);
// A filled trap or a forged time is enough to ask again; haste alone is not.
bool looks_automatic(Key const& key, html::Values const& values, Instant now);

}
