// Forms, files and what time takes away, against a real PostgreSQL.
#include "db/database.h"
#include "events/events_commands.h"
#include "registration/form_store.h"
#include "test_database.h"

#include <gtest/gtest.h>

namespace kutsu::registration
{
namespace
{

constexpr char one_file[] = "file-00000000000000000000000000000001";
constexpr char submission_a[] = "00000000-0000-4000-8000-00000000000a";
constexpr char submission_b[] = "00000000-0000-4000-8000-00000000000b";

class FormStore : public testing::Test
{
protected:
    FormStore() : event_(test::insert_event(outside_, "ev")) {}

    template <class Deed>
    auto write(Deed deed)
    {
        using R = std::decay_t<std::invoke_result_t<Deed, db::Transaction&>>;
        return *db_.write_now([&](db::Transaction& transaction) { return Result<R>(deed(transaction)); });
    }

    void save(events::RegistrationForm const& form)
    {
        write([&](db::Transaction& transaction) {
            store::save_form(transaction, event_, form);
            return true;
        });
    }

    void save_questions(std::string const& questions)
    {
        auto const edit = edited_form({{"questions", json::parse(questions)}}, form());
        ASSERT_TRUE(edit);
        save(edit->form);
    }

    static events::RegistrationForm form()
    {
        events::RegistrationForm made;
        made.time_zone = "Europe/Helsinki";
        return made;
    }

    events::RegistrationForm stored() { return *db_.read_now(events::event_now, event_)->form; }

    void add_registration(std::string const& submission, std::string const& answers, int arrival)
    {
        outside_.exec_params(R"(
            with r as (insert into registration (event_id, public_id, submission_id, contents_hash, token_hash, arrival,
                                                 status, name, email, language, created_at, changed_at)
                values ($1, 'r-' || $4, $2::uuid, '', sha256(convert_to('token ' || $4::text, 'UTF8')), $4::bigint, 'confirmed',
                        'Guest', 'g' || $4 || '@example.org', 'fi', now(), now()) returning registration_id)
            insert into registration_answer (registration_id, key, value, form_version)
            select registration_id, key, value, 1 from r, jsonb_each($3::jsonb))",
                             {std::to_string(event_), submission, answers, std::to_string(arrival)});
    }

    void add_file(std::string const& id, Instant at = now)
    {
        write([&](db::Transaction& transaction) {
            store::NewFile const file{
                event_, {id, "cv.pdf", "application/pdf", 4}, to_hex(sha256("%PDF")), "%PDF", at};
            store::add_file(transaction, file);
            return true;
        });
    }

    std::vector<std::string> claim(std::string const& submission, std::string const& token = {})
    {
        return write([&](db::Transaction& transaction) {
            auto const hash = token.empty() ? "" : to_hex(sha256(token));
            return store::claim_files(transaction, {event_, submission, hash, {one_file}});
        });
    }

    store::Purged purge(std::string_view at)
    {
        return write([&](db::Transaction& transaction) {
            return store::purge_answers(transaction, parse_instant(at).value());
        });
    }

    std::string sql(std::string const& question) { return std::string(outside_.exec(question).text(0, 0)); }

    static inline Instant const now = parse_instant("2027-05-03T06:00:00Z").value();
    test::TestDatabase database_ = test::database();
    db::Connection outside_ = database_.connect();
    db::Database db_{database_.conninfo(), 2};
    std::int64_t event_;
};

TEST_F(FormStore, gives_back_what_it_was_given)
{
    auto const edit = edited_form(json::parse(R"({
        "opens": "2027-04-12T09:00", "admission": "approval", "waitlist": true, "offer_hours": 24,
        "offer_working_hours": true, "group_policy": "skip", "session_overlap": "warn", "hybrid": true,
        "reminders": false, "reapprove_on_edit": true,
        "questions": [{"key": "bus", "type": "boolean", "label": {"fi": "Bussi"}, "help": {"fi": "Ohje"}, "step": 2,
                       "purpose": "Kuljetus", "retention_days": 9, "special_category": true},
                      {"key": "n", "type": "number", "label": {"fi": "Luku"}, "min": 1, "max": 9,
                       "visible_if": {"question": "bus", "in": [true]}, "step": 2}]})")
                                      .as_object(),
                                  form());
    ASSERT_TRUE(edit);
    save(edit->form);

    auto const again = stored();
    EXPECT_EQ(again.opens->at, edit->form.opens->at);
    EXPECT_EQ(again.group_policy + again.session_overlap + again.admission, "skipwarnapproval");
    EXPECT_TRUE(again.hybrid && again.offer_working_hours && again.reapprove_on_edit && !again.reminders);
    ASSERT_EQ(again.questions.size(), 2U);
    EXPECT_EQ(again.questions[0].purpose, "Kuljetus");
    EXPECT_EQ(again.questions[0].retention_days, 9);
    EXPECT_EQ(again.questions[0].help.in("fi"), "Ohje");
    EXPECT_EQ(again.questions[1].min, json::value(1));
    EXPECT_EQ(again.questions[1].step, 2);
}

TEST_F(FormStore, replaces_questions_in_order_and_keeps_the_archived_apart)
{
    save_questions(
        R"([{"key": "a", "type": "text", "label": {"fi": "A"}}, {"key": "b", "type": "text", "label": {"fi": "B"}}])");
    auto form = stored();
    form.archived = {form.questions[0]};
    form.archived[0].archived_in_version = 2;
    form.questions.erase(form.questions.begin());
    save(form);

    auto const again = stored();
    ASSERT_EQ(again.questions.size(), 1U);
    EXPECT_EQ(again.questions[0].key, "b");
    ASSERT_EQ(again.archived.size(), 1U);
    EXPECT_EQ(again.archived[0].archived_in_version, 2);
}

TEST_F(FormStore, a_pool_below_what_it_holds_is_refused_and_changes_nothing)
{
    save(form());
    auto const set = [&](std::optional<std::int64_t> capacity) {
        Text label;
        label.set("fi", "Media");
        return write([&](db::Transaction& transaction) {
            return store::set_pools(transaction, event_, {{"press", "participant_type", label, capacity, {}}},
                                    nullptr, now);
        });
    };
    EXPECT_TRUE(set(1));
    add_registration(submission_a, "{}", 1);
    outside_.exec("update registration set participant_type = 'press'");
    EXPECT_FALSE(set(0));
    EXPECT_TRUE(set(5));
    EXPECT_EQ(stored().pools[0].free, 4);
}

TEST_F(FormStore, a_file_belongs_to_the_submission_that_first_names_it)
{
    save(form());
    add_file(one_file);

    EXPECT_FALSE(db_.read_now(store::find_file, event_, std::string(one_file))); // nobody's yet
    EXPECT_EQ(claim(submission_a), std::vector<std::string>{one_file});
    EXPECT_EQ(claim(submission_a), std::vector<std::string>{one_file}); // again: the same submission repeated
    EXPECT_TRUE(claim(submission_b).empty());
    EXPECT_EQ(db_.read_now(store::find_file, event_, std::string(one_file))->content, "%PDF");
}

TEST_F(FormStore, a_link_claims_for_its_registration)
{
    save(form());
    add_file(one_file);
    add_registration(submission_a, "{}", 1);

    EXPECT_TRUE(claim("", "no such token").empty());
    EXPECT_EQ(claim("", "token 1"), std::vector<std::string>{one_file});
    EXPECT_EQ(sql("select submission_id from uploaded_file"), submission_a);
}

TEST_F(FormStore, a_file_goes_with_its_answer_and_not_before)
{
    save(form());
    add_file(one_file);
    claim(submission_a);
    add_registration(submission_a, std::string(R"({"cv": ")") + one_file + "\"}", 1);

    // Written again in the same transaction: it stays.
    outside_.exec("begin; delete from registration_answer; insert into registration_answer select "
                  "registration_id, 'cv', "
                  "to_jsonb(text 'file-00000000000000000000000000000001'), 2 from registration; commit");
    EXPECT_EQ(sql("select count(*) from uploaded_file"), "1");
    outside_.exec("update registration_answer set value = '\"other\"'");
    EXPECT_EQ(sql("select count(*) from uploaded_file"), "0");
}

TEST_F(FormStore, a_registration_that_was_handed_on_keeps_its_file)
{
    save(form());
    add_file(one_file);
    claim(submission_a);
    add_registration(submission_a, std::string(R"({"cv": ")") + one_file + "\"}", 1);
    outside_.exec_params("update registration set submission_id = $1::uuid", {submission_b});

    EXPECT_EQ(claim("", "token 1"), std::vector<std::string>{one_file});
    EXPECT_EQ(purge("2027-05-20T06:00:00Z").files, 0);
}

TEST_F(FormStore, answers_go_when_their_time_is_over)
{
    save_questions(R"([{"key": "diet", "type": "text", "label": {"fi": "R"}, "special_category": true},
                       {"key": "bus", "type": "text", "label": {"fi": "B"}, "retention_days": 5},
                       {"key": "topic", "type": "text", "label": {"fi": "A"}}])");
    add_registration(submission_a, R"({"diet": "none", "bus": "yes", "topic": "x"})", 1);
    outside_.exec_params(R"(
        insert into registration_shadow (submission_id, event_id, contents_hash, token_hash, answer, created_at)
        values ($1::uuid, $2, '', '', '{"answers": {"diet": "none", "bus": "yes", "topic": "x"}}', now()))",
                         {submission_b, std::to_string(event_)});
    auto const keys = [&] {
        return sql("select string_agg(key, ' ' order by key) from registration_answer") + " / " +
               sql("select string_agg(k, ' ' order by k) from registration_shadow, jsonb_object_keys(answer "
                   "-> 'answers') k");
    };

    EXPECT_EQ(purge("2027-06-01T12:59:59Z").answers, 0); // five days after 27 May 13:00Z
    EXPECT_EQ(keys(), "bus diet topic / bus diet topic");
    EXPECT_EQ(purge("2027-06-01T13:00:00Z").answers, 2);
    EXPECT_EQ(keys(), "diet topic / diet topic");
    EXPECT_EQ(purge("2027-06-26T13:00:00Z").answers, 2); // thirty days for health
    EXPECT_EQ(keys(), "topic / topic");
    EXPECT_EQ(purge("2037-01-01T00:00:00Z").answers, 0);
}

TEST_F(FormStore, files_that_nobody_names_go_after_a_day)
{
    save(form());
    add_file(one_file);
    add_file("file-00000000000000000000000000000002");
    claim(submission_a);
    add_registration(submission_a, std::string(R"({"cv": ")") + one_file + "\"}", 1);

    EXPECT_EQ(purge("2027-05-04T06:00:00Z").files, 0);
    EXPECT_EQ(purge("2027-05-04T06:00:01Z").files, 1);
    EXPECT_EQ(sql("select public_id from uploaded_file"), one_file);
}

TEST_F(FormStore, versions_are_kept_as_they_were_first)
{
    save(form());
    auto const keep = [&](std::int64_t version, char const* who) {
        write([&](db::Transaction& transaction) {
            store::keep_version(transaction, event_, {version, who, now},
                                {{"version", version}, {"by", who}});
            return true;
        });
    };
    keep(1, "import");
    keep(2, "anna");
    keep(1, "somebody else");

    auto const versions = db_.read_now(store::list_versions, event_);
    ASSERT_EQ(versions.size(), 2U);
    EXPECT_EQ(versions[0].version, 2);
    EXPECT_EQ(versions[1].actor, "import");
    EXPECT_EQ(db_.read_now(store::definition_of, event_, std::int64_t{1})->at("by").as_string(), "import");
    EXPECT_FALSE(db_.read_now(store::definition_of, event_, std::int64_t{3}));
}

}
}
