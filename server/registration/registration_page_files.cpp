// Files that come with a plain form.
#include "registration/answer_rules.h"
#include "registration/registration_page_handlers.h"

#include <fmt/format.h>

#include <algorithm>

namespace kutsu::registration
{
namespace
{

constexpr std::string_view answer_prefix = "answers.";
constexpr std::size_t files_of_a_form = 20;

bool is_file_question(events::Event const& event, std::string_view field)
{
    if (!event.form || !field.starts_with(answer_prefix))
        return false;
    auto const* question = find_question(event.form->questions, field.substr(answer_prefix.size()));
    return question && question->type == "file";
}

}

asio::awaitable<std::vector<FieldError>> keep_files(PageContext const& context, events::EventPtr event,
                                                    std::string peer, net::SentForm& sent)
{
    std::vector<FieldError> errors;
    for (auto const& name : sent.unclean)
        errors.push_back({name, "field.bad_characters", {}});
    auto pairs = sent.fields.pairs();
    if (sent.files.size() > files_of_a_form)
        co_return std::vector<FieldError>{
            {sent.files.front().field, "field.too_many", {{"limit", std::int64_t{files_of_a_form}}}}};
    for (auto& file : sent.files) {
        if (!event || !is_file_question(*event, file.field))
            continue;
        Upload upload{event->slug, std::move(file.name), std::move(file.content), peer};
        auto const kept = co_await upload_file(context.services, context.uploads, std::move(upload));
        if (!kept) {
            auto const& problem = kept.error();
            errors.push_back({file.field,
                              problem.detail.empty()
                                  ? fmt::format("problem.{}.detail", wire_name(problem.name))
                                  : problem.detail,
                              problem.arguments});
            continue;
        }
        // The new file stands for the one that was sent before.
        std::erase_if(pairs, [&](auto const& pair) { return pair.first == file.field; });
        pairs.emplace_back(file.field, kept->id);
    }
    sent.fields = net::Fields(std::move(pairs));
    co_return errors;
}

asio::awaitable<std::vector<std::pair<std::string, std::string>>>
with_file_names(PageContext const& context, events::EventPtr event,
                std::vector<std::pair<std::string, std::string>> fields)
{
    json::object answers;
    for (auto const& [name, value] : fields) {
        if (event && is_file_question(*event, name) && is_file_id(value))
            answers[std::string_view(name).substr(answer_prefix.size())] = value;
    }
    for (auto const& file : co_await files_of(context.services, event, answers))
        fields.emplace_back("file-name." + file.id, file.name);
    co_return fields;
}

}
