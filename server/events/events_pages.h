// clang-format off
// The public pages of events: the list and one page per event, complete without JavaScript. Renderers are pure (a
// view in, bytes out); the handlers only find the event and pick the renderer.
//
// ── Hooks for the browser's modules (client-web/public/live.ts, register.ts) ──────────────────────────────────
//
// A module may only add to what stands here; without it the page is whole. All words a module shows are either in a
// data-message-* attribute, or come from the catalogue under the keys named below. <html lang> is the language. A page
// loads the modules it can use as <script type=module>: live.ts on the page of an event that is neither over nor
// cancelled, register.ts where there is a registration form. Nothing is personal except on one's own registration.
//
// EVENT PAGE  (GET /LANG/events/SLUG; the form alone at …/registrations has the same attributes on <main>)
//   main[data-event=SLUG][data-version=N][data-agenda-version=N][data-status=published|…]
//       [data-registration=none|not_open_yet|open|waitlist|full|closed|cancelled|postponed|over]
//       [data-starts][data-ends]              RFC 3339 with offset
//   [data-live=news]                          empty <p role=status>: one sentence about the last change
//       data-message-agenda                   "Ohjelma muuttui juuri."
//       data-message-connecting               "Yhdistetään…", while the socket has been away for some seconds
//       data-message-status                   "Tapahtuman tiedot muuttuivat. Lataa sivu uudelleen."
//       data-message-seats-gone               "Paikat täyttyivät juuri."
//   p[data-live=seats][data-free=N][data-capacity=N][data-waitlisted=N]
//                                             absent when there is no limit or nobody can register; text by message
//                                             seats.free {free} | seats.few {free}, when free ≤ 5 or ≤ 10 % of capacity
//                                             seats.full_waitlist {waiting} | seats.full
//   ol[data-live=agenda]                      one per day, [data-day=2027-05-27]: the day on its sessions' own wall
//       data-message-moved data-message-cancelled data-message-now data-message-next        words for the marks
//     li[data-session=ID][data-version=N][data-status=confirmed|cancelled][data-kind=talk|…][data-zone=IANA]
//        id="session-ID"
//       time[data-live=starts][datetime]      RFC 3339 with offset; text 8.30 (fi) or 08:30
//       time[data-live=ends][datetime]
//       span[data-live=other][data-zone=IANA] one per other city whose clock differs; holds
//                                             time[data-live=other-starts] and time[data-live=other-ends]
//       span.slash                            " / " before each of them; hidden where clocks stand below each other
//       [data-live=title]                     lang= when the words are in another language than the page
//       [data-live=room]                      absent when no room is known
//       [data-live=speakers]                  absent when there are none
//       [data-live=interpretation]            absent when there is none
//       [data-live=free][data-free=N][data-capacity=N]
//                                             sessions with seats of their own; text by message
//                                             session.free {free} | session.full
//       [data-live=mark]                      <strong hidden>, empty: for "Siirretty", "Peruttu", "Nyt", "Seuraavaksi"
//       li[data-changed]                      may be set by the module: shown as changed
//   A session of several days or two zones has its times in sentences, without starts and ends.
//
//   .banner .facts .card #programme .speakers, .card .state-few span   taken anew from the page when words cannot say the change
//
// REGISTRATION FORM
//   form[data-register][data-event=SLUG][data-outcome=confirmed|waitlisted|pending]
//                                             method=post, action is the door without JavaScript; the page to go to
//                                             after success is /LANG/registrations/TOKEN
//     data-message-offline data-message-slow data-message-sending data-message-retry
//                                             sentences for [data-form-status]
//     input[name=submission_id]               a new UUID per form shown; keep it for a retry of the same contents
//     input[name=form_time], input[name=website]
//                                             signals of form posts only: leave alone, do not send on the socket
//     [data-error-summary]                    hidden box with a heading and an empty ul; filled by the server on 422.
//                                             Each entry is li > a[href="#field-FIELD"] with "LABEL: ERROR"; the box
//                                             takes the focus (tabindex=-1, role=alert)
//     .field[data-field=PATH]                 PATH as in contract §5: name, email, answers.KEY, companions.0.name …
//       label[for=field-PATH] or fieldset > legend      ids have "-" where the path has "."
//       #hint-PATH, #error-PATH               p.hint, p.error[hidden when empty]; aria-describedby names both
//       input|select|textarea #field-PATH     the first radio or checkbox of a group has this id
//         data-message-missing data-message-invalid     same words as the server's 422; a group has them on its
//                                             fieldset, with [data-required] when an answer is needed
//     [data-visible-if-question=KEY][data-visible-if-in=JSON array]
//                                             fieldset around a question that depends on another; always shown without
//                                             JavaScript; its legend[data-if-words] says when it counts
//     [data-appears-for=cyrillic]             details around name_other_script
//     [data-companions]                       details with 3 rows [data-companion=N]; button[data-add-companion][hidden]
//     button[type=submit][data-message-busy]  "Lähetetään…"
//     p[data-form-status][role=status]        what is going on
//
// OWN REGISTRATION  (GET /LANG/registrations/TOKEN, private)
//   main[data-own-registration][data-event=SLUG][data-version=N][data-status=confirmed|…]; no module is loaded
// clang-format on
#pragma once

#include "base/services.h"
#include "events/catalogue.h"
#include "html/frame.h"
#include "net/http.h"

#include <string>
#include <vector>

namespace kutsu::events
{

// "/" (to the reader's language), "/{lang}" (to its list), "/{lang}/", "/{lang}/events/{slug}".
std::vector<net::Route> page_routes(Services& services, html::Assets const& assets);

}
