#include "registration/registration_commands.h"

#include "db/database.h"
#include "registration/admission.h"
#include "registration/deeds.h"
#include "registration/desk.h"
#include "registration/form_commands.h"
#include "registration/own_store.h"
#include "registration/receipt.h"
#include "registration/registration_store.h"

#include <map>

namespace kutsu::registration
{
namespace
{

std::string hash_of(std::string const& token)
{
    return to_hex(sha256(token));
}

// The registration behind a link, as the tables have it.
asio::awaitable<Result<store::Found>> found_by(Services& services, std::string const& token)
{
    auto const hash = hash_of(token);
    auto found = co_await services.db.read(store::find, hash);
    if (found)
        co_return std::move(*found);
    auto const ended = co_await services.db.read(store::ended_link, hash);
    co_return ended ? refuse(ProblemName::gone, "problem.link-" + *ended + ".detail")
                    : refuse(ProblemName::not_found);
}

std::optional<Problem> problem_of(DeedAnswer const& answer)
{
    static std::map<std::string_view, Problem> const problems = {
        {"not_found", {ProblemName::not_found, {}, {}, {}, {}, {}}},
        {"expired", {ProblemName::closed, "problem.offer-expired.detail", {}, {}, {}, {}}},
        {"not_offered", {ProblemName::conflict, "problem.nothing-offered.detail", {}, {}, {}, {}}},
        {"ended", {ProblemName::conflict, "problem.already-ended.detail", {}, {}, {}, {}}},
        {"full", {ProblemName::full, "problem.pool-full.detail", {}, {}, {}, {}}},
    };
    auto const found = problems.find(answer.outcome);
    return found == problems.end() ? std::nullopt : std::optional(found->second);
}

// A deed of whoever holds the link, in its turn in the event's lane. `more` is what this kind needs.
asio::awaitable<Result<Registration>> act(Services& services, std::string_view kind, std::string token,
                                          json::object more)
{
    auto const found = co_await found_by(services, token);
    if (!found)
        co_return std::unexpected(found.error());
    auto const event = services.catalogue.find(found->event_slug);
    if (!event)
        co_return refuse(ProblemName::not_found);
    auto deed = token_deed(kind, token, *event, services.clock.now());
    for (auto& [name, value] : more)
        deed[name] = std::move(value);
    auto const answer = co_await services.desk.act(event->event_id, std::move(deed));
    if (!answer)
        co_return std::unexpected(answer.error());
    if (auto const problem = problem_of(*answer))
        co_return std::unexpected(*problem);
    co_await events::seen(services.catalogue, answer->event_slug, answer->event_version);
    co_return registration_of(answer->answer.as_object(), std::move(token), answer->event_slug);
}

json::object changes_of(Change const& change, events::Event const& event)
{
    json::object changes;
    if (change.name)
        changes["name"] = *change.name;
    if (change.name_other_script)
        changes["name_other_script"] = *change.name_other_script;
    if (change.organisation)
        changes["organisation"] = *change.organisation;
    if (change.language)
        changes["language"] = *change.language;
    if (change.attendance)
        changes["attendance"] = *change.attendance;
    if (change.participant_type)
        changes["participant_type"] = *change.participant_type;
    if (change.answers) {
        changes["answers"] = *change.answers;
        changes["form_version"] = event.form ? event.form->version : 1;
    }
    if (change.sessions)
        changes["sessions"] = json::array(change.sessions->begin(), change.sessions->end());
    return changes;
}

// The same checks as at registering, on what is changed.
std::vector<FieldError> check_change(Change& change, Registration const& present, events::Event const& event)
{
    std::vector<FieldError> errors;
    if (change.answers)
        errors = check_changed_answers(*change.answers, present.answers, event);
    if (change.sessions)
        check_sessions(*change.sessions, event, errors);
    if (change.participant_type)
        check_participant_type(change.participant_type, event, errors);
    return errors;
}

// A page sends everything back; only what is new makes an organiser look again (admission_after_change).
void leave_out_what_stays(Change& change, Registration const& present)
{
    if (change.answers && *change.answers == present.answers)
        change.answers.reset();
    if (change.attendance == present.attendance)
        change.attendance.reset();
    if (change.participant_type == present.participant_type)
        change.participant_type.reset();
}

}

asio::awaitable<Result<Registration>> get(Services& services, std::string token)
{
    auto const found = co_await found_by(services, token);
    if (!found)
        co_return std::unexpected(found.error());
    co_return registration_of(found->answer, std::move(token), found->event_slug);
}

asio::awaitable<Result<Registration>> cancel(Services& services, std::string token)
{
    json::object none;
    co_return co_await act(services, "cancel", std::move(token), std::move(none));
}

asio::awaitable<Result<Registration>> cancel(Services& services, std::string token,
                                             std::optional<std::string> reason)
{
    json::object more;
    if (reason)
        more["reason"] = *reason;
    co_return co_await act(services, "cancel", std::move(token), std::move(more));
}

asio::awaitable<Result<Registration>> change(Services& services, std::string token, Change change)
{
    auto const present = co_await get(services, token);
    if (!present)
        co_return std::unexpected(present.error());
    auto const event = services.catalogue.find(present->receipt.event);
    if (!event)
        co_return refuse(ProblemName::not_found);
    if (auto errors = check_change(change, *present, *event); !errors.empty())
        co_return refuse_fields(std::move(errors));
    if (change.answers) {
        if (auto claimed = co_await claim_files_by_token(services, event, *change.answers, token); !claimed)
            co_return std::unexpected(claimed.error());
    }
    leave_out_what_stays(change, *present);
    json::object more;
    more["changes"] = changes_of(change, *event);
    co_return co_await act(services, "change", std::move(token), std::move(more));
}

asio::awaitable<Result<Registration>> accept_offer(Services& services, std::string token)
{
    json::object none;
    co_return co_await act(services, "accept", std::move(token), std::move(none));
}

asio::awaitable<Result<Registration>> decline_offer(Services& services, std::string token)
{
    json::object none;
    co_return co_await act(services, "decline", std::move(token), std::move(none));
}

namespace
{

// A code counts as a guess until it has let somebody in.
asio::awaitable<Result<Receipt>> submit_with_code(Services& services, Submission submission,
                                                  events::EventPtr event, std::string peer)
{
    bool const has_code = submission.invitation && event->form && event->form->admission != "open";
    if (has_code) {
        if (auto const admitted = services.desk.admit_code(peer); !admitted)
            co_return std::unexpected(admitted.error());
    }
    auto receipt = co_await services.desk.submit(std::move(submission), std::move(event));
    bool const was_wrong = !receipt && receipt.error().name == ProblemName::not_allowed;
    if (has_code && !was_wrong)
        services.desk.code_was_right(peer);
    co_return receipt;
}

asio::awaitable<Result<Receipt>> take_in(Services& services, events::EventPtr event, json::object fields,
                                         Door door)
{
    std::vector<FieldError> errors;
    auto submission = decode_submission(fields, door.language, door.id_required, errors);
    auto const unfit = check(submission, *event);
    errors.insert(errors.end(), unfit.begin(), unfit.end());
    // A date says more than a field: who comes too early or too late hears that first.
    if (auto const state = events::registration_state(*event, services.clock.now()); !errors.empty()) {
        if (state == events::RegistrationState::not_open_yet)
            co_return refuse(ProblemName::not_open_yet);
        if (state != events::RegistrationState::open && state != events::RegistrationState::waitlist &&
            state != events::RegistrationState::full)
            co_return refuse(ProblemName::closed);
        co_return refuse_fields(std::move(errors));
    }
    if (!event->form)
        co_return refuse(ProblemName::closed);
    if (auto admitted = services.desk.admit(door.peer, submission.email); !admitted)
        co_return std::unexpected(admitted.error());
    if (submission.submission_id.empty())
        submission.submission_id = random_uuid(services.random);
    submission.event = event->slug;
    if (auto claimed = co_await claim_files(services, event, submission.answers, submission.submission_id);
        !claimed)
        co_return std::unexpected(claimed.error());
    auto warnings = warnings_of(submission.sessions, *event);
    auto const arrived = std::chrono::steady_clock::now();
    auto receipt = co_await submit_with_code(services, std::move(submission), event, std::move(door.peer));
    if (!receipt)
        co_return receipt;
    if (receipt->status == "transferred") // this submission's place has been handed on since
        co_return refuse(ProblemName::gone, "problem.link-transferred.detail");
    receipt->warnings = std::move(warnings);
    co_await events::seen(services.catalogue, event->slug, receipt->event_version);
    co_await services.desk.even_out(arrived);
    co_return receipt;
}

}

asio::awaitable<Result<Receipt>> register_guest(Services& services, std::string event_slug,
                                                json::object fields, Door door)
{
    auto const event = services.catalogue.find_public(event_slug);
    if (!event)
        co_return refuse(ProblemName::not_found);
    auto const language = door.language;
    auto receipt = co_await take_in(services, event, std::move(fields), std::move(door));
    if (!receipt)
        co_return std::unexpected(explained(std::move(receipt.error()), *event, language));
    co_return receipt;
}

}
