// The public pages of events: the list and one page per event, complete without JavaScript. Renderers are pure (a view
// in, bytes out); the handlers only find the event and pick the renderer.
//
// ── Hooks for the browser's modules (client-web/public/live.ts, register.ts) ─────────────────────────────────────
//
// A module may only add to what stands here; without it the page is whole. All words a module shows are either in a
// data-message-* attribute of the element, or come from the catalogue under the keys named below. <html lang> is the
// language. A page loads the modules it can use as <script type=module>: live.ts on an event page that is public and
// not over, register.ts where there is a registration form. Nothing of a page is personal except on S4.
//
// EVENT PAGE  (GET /LANG/events/SLUG; the form alone at …/registrations has the same <main> attributes)
//   main[data-event=SLUG][data-version=N][data-agenda-version=N][data-status=published|…]
//       [data-registration=none|not_open_yet|open|waitlist|full|closed|cancelled|postponed|over]
//       [data-starts][data-ends]              RFC 3339 with offset
//   [data-live=news]                          empty <p role=status>: one sentence about the last change
//       data-message-agenda                   "Ohjelma muuttui juuri."
//       data-message-status                   "Tapahtuman tiedot muuttuivat. Lataa sivu uudelleen."
//       data-message-seats-gone               "Paikat täyttyivät juuri."
//   p[data-live=seats][data-free=N][data-capacity=N][data-waitlisted=N]
//                                             absent when there is no limit; text by message
//                                             seats.free {free} | seats.few {free} (free ≤ 5 or ≤ 10 % of capacity) |
//                                             seats.full_waitlist {waiting} | seats.full
//   ol[data-live=agenda]                      one per day, [data-day=2027-05-27] (day of its sessions' own wall clock)
//     li[data-session=ID][data-version=N][data-status=confirmed|cancelled|draft][data-kind=talk|…][data-zone=IANA]
//        id="session-ID"
//       time[data-live=starts][datetime]      RFC 3339 with offset; text 8.30 (fi) or 08:30
//       time[data-live=ends][datetime]
//       span[data-live=other][data-zone=IANA] one per other city whose clock differs; holds time[data-live=other-starts]
//                                             and time[data-live=other-ends]
//       [data-live=title]                     lang= when the words are in another language than the page
//       [data-live=room]                      absent when no room is known
//       [data-live=speakers]                  absent when there are none
//       [data-live=interpretation]            absent when there is none
//       [data-live=free][data-free=N][data-capacity=N]
//                                             sessions with seats of their own; text by message
//                                             session.free {free} | session.full
//       [data-live=mark]                      empty <strong hidden>; for "Siirretty", "Peruttu", "Nyt", "Seuraavaksi"
//       data-message-moved data-message-cancelled data-message-now data-message-next   on the ol
//
// REGISTRATION FORM
//   form[data-register][data-event=SLUG][data-outcome=confirmed|waitlisted|pending]   method=post, action is the
//        door without JavaScript; the page to go to after success is /LANG/registrations/TOKEN
//     data-message-offline data-message-slow data-message-sending data-message-retry   sentences for [data-form-status]
//     input[name=submission_id]               a new UUID per form shown; keep it for a retry of the same contents
//     input[name=form_time], input[name=website]   signals of form posts only; leave both alone, do not send on the socket
//     [data-error-summary]                    hidden box with its heading and an empty ul; filled by the server on 422.
//                                             Each entry is li > a[href="#field-FIELD"]; it takes the focus
//     div.field[data-field=PATH]              PATH as in contract §5: name, email, answers.KEY, companions.0.name …
//       label[for=field-PATH] or fieldset > legend      ids have "-" where the path has "."
//       #hint-PATH, #error-PATH               p.hint, p.error[hidden when empty]; aria-describedby names both
//       input|select|textarea #field-PATH     the first radio or checkbox of a group has this id
//         data-message-missing data-message-invalid     same words as the server's 422
//     [data-visible-if-question=KEY][data-visible-if-in=JSON array]
//                                             fieldset around a question that depends on another; always shown without
//                                             JavaScript ([data-if-words] then says when it counts and may be hidden)
//     [data-appears-for=cyrillic]             details around name_other_script
//     [data-companions]                       details with 3 rows [data-companion=N]; button[data-add-companion][hidden]
//     button[type=submit] [data-message-busy] "Lähetetään…"
//     p[data-form-status][role=status]        what is going on
//
// OWN REGISTRATION  (GET /LANG/registrations/TOKEN, private)
//   main[data-own-registration][data-event=SLUG][data-version=N][data-status=confirmed|…]   no module is loaded
#pragma once

#include "base/services.h"
#include "events/catalogue.h"
#include "html/frame.h"
#include "net/http.h"

#include <string>
#include <vector>

namespace kutsu::events
{

// "/" (to the reader's language), "/{lang}/", "/{lang}/events/{slug}".
std::vector<net::Route> page_routes(Services& services, html::Assets const& assets);

}
