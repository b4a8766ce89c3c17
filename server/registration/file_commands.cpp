// Files that guests send as answers.
#include "base/secret.h"
#include "db/database.h"
#include "events/catalogue.h"
#include "registration/form_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace kutsu::registration
{
namespace
{

bool has_file_question(events::Event const& event)
{
    return event.form && std::ranges::any_of(event.form->questions,
                                             [](auto const& question) { return question.type == "file"; });
}

bool is_own_machine(std::string_view peer)
{
    return peer.empty() || peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

std::string new_file_id(Random& random)
{
    std::array<unsigned char, 16> bytes{};
    random.fill(bytes);
    return "file-" + to_hex({reinterpret_cast<char const*>(bytes.data()), bytes.size()});
}

// Question → file, of the answers that are files.
std::vector<std::pair<std::string, std::string>> files_among(events::Event const& event,
                                                             json::object const& answers)
{
    std::vector<std::pair<std::string, std::string>> files;
    if (!event.form)
        return files;
    for (auto const& question : event.form->questions) {
        auto const* answer = question.type == "file" ? answers.if_contains(question.key) : nullptr;
        if (answer && answer->is_string() && !answer->get_string().empty())
            files.emplace_back(question.key, answer->get_string());
    }
    return files;
}

std::vector<std::string> ids_of(std::vector<std::pair<std::string, std::string>> const& files)
{
    std::vector<std::string> ids;
    for (auto const& [key, id] : files)
        ids.push_back(id);
    return ids;
}

Result<bool> claim(db::Transaction& transaction, store::FileClaim const& claim)
{
    auto const mine = store::claim_files(transaction, claim);
    std::vector<FieldError> errors;
    for (auto const& id : claim.ids) {
        if (std::ranges::find(mine, id) == mine.end())
            errors.push_back({id, "field.file", {}});
    }
    if (!errors.empty())
        return refuse_fields(std::move(errors));
    return true;
}

asio::awaitable<Result<void>> claim_all(Services& services, events::EventPtr event,
                                        json::object const& answers, store::FileClaim wanted)
{
    auto const files = files_among(*event, answers);
    if (files.empty())
        co_return Result<void>();
    wanted.event_id = event->event_id;
    wanted.ids = ids_of(files);
    auto claimed = co_await services.db.write(claim, wanted);
    if (claimed)
        co_return Result<void>();
    for (auto& error : claimed.error().errors) {
        auto const file = std::ranges::find(files, error.field, &std::pair<std::string, std::string>::second);
        error.field = fmt::format("answers.{}", file->first);
    }
    co_return std::unexpected(std::move(claimed.error()));
}

Result<bool> add(db::Transaction& transaction, store::NewFile const& file)
{
    store::add_file(transaction, file);
    return true;
}

}

Uploads::Uploads(std::size_t limit, std::size_t per_address_a_minute)
    : limit_(limit), is_limited_(per_address_a_minute > 0),
      by_address_({static_cast<double>(per_address_a_minute), static_cast<double>(per_address_a_minute) / 60})
{}

Result<void> Uploads::admit(std::string_view peer, Instant now)
{
    return is_limited_ && !is_own_machine(peer) ? by_address_.take(peer, now) : Result<void>();
}

asio::awaitable<Result<UploadedFile>> upload_file(Services& services, Uploads& uploads, Upload upload)
{
    auto const event = services.catalogue.find_public(upload.slug);
    if (!event)
        co_return refuse(ProblemName::not_found);
    if (!has_file_question(*event))
        co_return refuse(ProblemName::validation, "file.not_asked");
    auto const now = services.clock.now();
    if (auto admitted = uploads.admit(upload.peer, now); !admitted)
        co_return std::unexpected(admitted.error());
    auto const size = static_cast<std::int64_t>(upload.content.size());
    if (upload.content.size() > uploads.limit())
        co_return refuse(ProblemName::validation, "file.too_large",
                         {{"limit", static_cast<std::int64_t>(uploads.limit() / 1024)}});
    auto const type = sniffed_media_type(upload.content);
    if (type.empty())
        co_return refuse(ProblemName::validation, upload.content.empty() ? "file.empty" : "file.kind");
    auto hash = to_hex(sha256(upload.content));
    store::NewFile const file{event->event_id,
                              {new_file_id(services.random), stored_name(upload.name, type), type, size},
                              std::move(hash),
                              std::move(upload.content),
                              now};
    auto const added = co_await services.db.write(add, file);
    if (!added)
        co_return std::unexpected(added.error());
    co_return file.file;
}

asio::awaitable<Result<void>> claim_files(Services& services, events::EventPtr event,
                                          json::object const& answers, std::string submission_id)
{
    store::FileClaim wanted{0, std::move(submission_id), {}, {}};
    co_return co_await claim_all(services, std::move(event), answers, std::move(wanted));
}

asio::awaitable<Result<void>> claim_files_by_token(Services& services, events::EventPtr event,
                                                   json::object const& answers, std::string token)
{
    store::FileClaim wanted{0, {}, to_hex(sha256(token)), {}};
    co_return co_await claim_all(services, std::move(event), answers, std::move(wanted));
}

asio::awaitable<std::vector<UploadedFile>> files_of(Services& services, events::EventPtr event,
                                                    json::object const& answers)
{
    auto const ids =
        ids_of(event ? files_among(*event, answers) : std::vector<std::pair<std::string, std::string>>());
    if (ids.empty())
        co_return std::vector<UploadedFile>();
    co_return co_await services.db.read(store::list_files, ids);
}

asio::awaitable<Result<store::FileContent>>
file_content(Services& services, std::optional<accounts::Actor> actor, std::string slug, std::string id)
{
    if (!actor)
        co_return refuse(ProblemName::not_allowed, "problem.sign-in-first.detail");
    auto const event = services.catalogue.find(slug);
    using enum accounts::Right;
    // Files may be about health: those who only see who comes do not open them.
    if (!event || !accounts::may(*actor, see_people, accounts::scope_of(*event)))
        co_return refuse(ProblemName::not_found);
    if (!accounts::may(*actor, manage_registrations, accounts::scope_of(*event)))
        co_return refuse(ProblemName::not_allowed);
    auto const event_id = event->event_id;
    auto found = co_await services.db.read(store::find_file, event_id, id);
    if (!found)
        co_return refuse(ProblemName::not_found);
    co_return std::move(*found);
}

}
