#include "accounts/accounts_commands.h"
#include "accounts/accounts_guard.h"
#include "accounts/accounts_pages.h"
#include "base/messages.h"
#include "db/database.h"
#include "db/waker.h"
#include "events/catalogue.h"
#include "mail_samples.h"
#include "net/router.h"
#include "test_database.h"

#include <gtest/gtest.h>

#include <cstddef>

namespace kutsu::accounts
{
namespace
{

Instant const now = from_ms(1809324000000);

class AccountsPages : public testing::Test
{
protected:
    AccountsPages()
    {
        auto event = test::seminar();
        event.event_id = test::insert_event(outside_, event.slug);
        event.seats = {120, 118, 4, 2};
        catalogue_.replace_all({std::make_shared<events::Event const>(std::move(event))}, now);
        site_.base_url = "http://localhost:8080";
        for (auto& route : routes(services_, {}))
            router_.add(std::move(route));
        add("owner@example.org", Role::owner, "correct horse battery");
    }

    void add(std::string email, Role role, std::optional<std::string> password = {})
    {
        auto const prepared =
            prepare_user({std::move(email), "Anna <Owner>", {role, Reach::site, "", {}}, std::move(password)},
                         random_, now);
        ASSERT_TRUE(db_.write_now(add_user, prepared.value()));
    }

    net::Response ask(net::Request request)
    {
        auto const match = router_.find(request.method, request.path);
        EXPECT_NE(match.route, nullptr) << request.path;
        request.captures = match.captures;
        return test::run(match.route->handler(request));
    }

    net::Request get(std::string path, std::string cookie = {})
    {
        net::Request request;
        request.method = "GET";
        request.path = std::move(path);
        request.peer = "192.0.2.1";
        request.headers = {{"accept-language", "en"}};
        if (!cookie.empty())
            request.headers["cookie"] = "kutsu=" + cookie;
        return request;
    }

    net::Request post(std::string path, std::string body = {}, std::string cookie = {})
    {
        auto request = get(std::move(path), std::move(cookie));
        request.method = "POST";
        request.body = std::move(body);
        request.headers["origin"] = "http://localhost:8080";
        return request;
    }

    static std::string header(net::Response const& response, std::string const& name)
    {
        for (auto const& [key, value] : response.headers) {
            if (key == name)
                return value;
        }
        return {};
    }

    static std::string cookie_of(net::Response const& response)
    {
        auto const set = header(response, "Set-Cookie");
        return set.substr(6, set.find(';') - 6); // after "kutsu="
    }

    std::string signed_in(std::string const& email)
    {
        auto const token = random_token(random_);
        EXPECT_TRUE(db_.write_now(make_sign_in_link, LinkRequest{email, token, now}));
        return cookie_of(ask(post(link_path(token))));
    }

    test::TestDatabase database_ = test::database();
    db::Connection outside_ = database_.connect();
    FixedClock clock_{now};
    SystemRandom random_;
    db::Database db_{database_.conninfo(), 2};
    db::Waker waker_{database_.conninfo()};
    events::Catalogue catalogue_;
    // Nothing here registers or watches anybody.
    alignas(std::max_align_t) std::byte nobody_[64]{};
    Keys keys_;
    Site site_ = test::site();
    Services services_{.clock = clock_,
                       .random = random_,
                       .db = db_,
                       .waker = waker_,
                       .catalogue = catalogue_,
                       .desk = reinterpret_cast<registration::Desk&>(nobody_),
                       .keys = keys_,
                       .site = site_,
                       .live = reinterpret_cast<live::Live&>(nobody_)};
    net::Router router_;
};

TEST_F(AccountsPages, AStrangerGetsTheSignInPage)
{
    auto const page = ask(get("/app/"));

    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body->find("action=\"/app/sign-in\""), std::string::npos);
    EXPECT_EQ(header(page, "Cache-Control"), "no-store");
    EXPECT_EQ(ask(get("/app/", "not-a-session")).status, 200);
}

TEST_F(AccountsPages, APasswordOpensTheDesk)
{
    auto const answer = ask(post("/app/sign-in", "email=Owner%40example.org&password=correct+horse+battery"));

    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(header(answer, "Location"), "/app/");
    auto const cookie = header(answer, "Set-Cookie");
    EXPECT_TRUE(cookie.starts_with("kutsu=")) << cookie;
    EXPECT_TRUE(cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax")) << cookie;

    auto const desk = ask(get("/app/", cookie_of(answer)));
    EXPECT_NE(desk.body->find("Spring seminar"), std::string::npos);
    EXPECT_NE(desk.body->find("118 / 120, 4 waiting"), std::string::npos) << *desk.body;
    EXPECT_NE(desk.body->find("href=\"/app/events/ev-sem-spring\""), std::string::npos);
    EXPECT_NE(desk.body->find(events::zone_city("Asia/Almaty", "en")), std::string::npos);
    EXPECT_NE(desk.body->find("Anna &lt;Owner"), std::string::npos);
}

TEST_F(AccountsPages, WithHttpsTheCookieIsBoundToTheHost)
{
    site_.base_url = "https://kutsu.example";

    EXPECT_EQ(set_cookie(site_, "x", 60),
              "__Host-kutsu=x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
}

TEST_F(AccountsPages, WrongPasswordAndUnknownAddressLookAlike)
{
    auto const wrong = ask(post("/app/sign-in", "email=owner%40example.org&password=wrong"));
    auto const unknown = ask(post("/app/sign-in", "email=other%40example.org&password=wrong"));

    EXPECT_EQ(wrong.status, 403);
    EXPECT_EQ(unknown.status, 403);
    auto same = *unknown.body;
    same.replace(same.find("other@"), 6, "owner@");
    EXPECT_EQ(*wrong.body, same);
    EXPECT_EQ(wrong.body->find("value=\"wrong\""), std::string::npos);
    EXPECT_TRUE(header(wrong, "Set-Cookie").empty());
}

TEST_F(AccountsPages, GuessingIsSlowedDown)
{
    for (int i = 0; i < 10; ++i)
        ask(post("/app/sign-in", "email=owner%40example.org&password=wrong"));

    auto const answer = ask(post("/app/sign-in", "email=owner%40example.org&password=correct+horse+battery"));

    EXPECT_EQ(answer.status, 429);
    EXPECT_FALSE(header(answer, "Retry-After").empty());
}

TEST_F(AccountsPages, OpeningALinkDoesNothingButOfferAButton)
{
    auto const token = random_token(random_);
    ASSERT_TRUE(db_.write_now(make_sign_in_link, LinkRequest{"owner@example.org", token, now}));

    auto const page = ask(get(link_path(token)));
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(header(page, "Set-Cookie").empty());
    EXPECT_NE(page.body->find("action=\"" + link_path(token) + "\""), std::string::npos);

    auto const used = ask(post(link_path(token)));
    EXPECT_EQ(used.status, 303);
    EXPECT_NE(ask(get("/app/", cookie_of(used))).body->find("Spring seminar"), std::string::npos);
    EXPECT_EQ(ask(post(link_path(token))).status, 410);
}

TEST_F(AccountsPages, FormsFromOtherSitesAreRefused)
{
    auto const form = "email=owner%40example.org&password=correct+horse+battery";
    for (auto const* origin :
         {"http://evil.example", "null", "http://localhost:8080.evil.example", "https://localhost:8080"}) {
        auto request = post("/app/sign-in", form);
        request.headers["origin"] = origin;
        EXPECT_EQ(ask(request).status, 403) << origin;
    }
    for (auto const* path : {"/app/sign-in", "/app/sign-in-link", "/app/sign-in/x", "/app/sign-out"}) {
        auto request = post(path, form);
        request.headers.erase("origin");
        EXPECT_EQ(ask(request).status, 403) << path;
        request.headers["sec-fetch-site"] = "cross-site";
        EXPECT_EQ(ask(request).status, 403) << path;
    }
    auto ours = post("/app/sign-in", form);
    ours.headers.erase("origin");
    ours.headers["sec-fetch-site"] = "same-origin";
    EXPECT_EQ(ask(ours).status, 303);
}

TEST_F(AccountsPages, SigningOutEndsTheSession)
{
    auto const cookie = signed_in("owner@example.org");

    auto const answer = ask(post("/app/sign-out", "", cookie));

    EXPECT_TRUE(header(answer, "Set-Cookie").starts_with("kutsu=; Path=/; Max-Age=0"));
    EXPECT_NE(ask(get("/app/", cookie)).body->find("/app/sign-in"), std::string::npos);
}

TEST_F(AccountsPages, ALinkByMailAnswersEverybodyAlike)
{
    auto const known = ask(post("/app/sign-in-link", "email=owner%40example.org"));
    auto const unknown = ask(post("/app/sign-in-link", "email=other%40example.org"));

    EXPECT_EQ(known.status, 200);
    EXPECT_EQ(*known.body, *unknown.body);
    EXPECT_EQ(outside_.exec("select count(*) from outbox").integer(0, 0), 1);
}

TEST_F(AccountsPages, TheDeskLeadsToPeopleWhoeverMaySeeThem)
{
    add("translator@example.org", Role::translator);

    auto const desk = ask(get("/app/", signed_in("translator@example.org")));
    EXPECT_NE(desk.body->find("Spring seminar"), std::string::npos);
    EXPECT_EQ(desk.body->find("/app/events/ev-sem-spring"), std::string::npos);
    auto const owners = ask(get("/app/", signed_in("owner@example.org")));
    EXPECT_NE(owners.body->find("/app/events/ev-sem-spring"), std::string::npos);
}

TEST_F(AccountsPages, ProgramsSignInWithJson)
{
    auto request =
        post("/api/v1/login", R"({"email":"owner@example.org","password":"correct horse battery"})");
    request.headers.erase("origin");
    request.headers["content-type"] = "application/json";

    auto const answer = ask(request);

    ASSERT_EQ(answer.status, 200) << *answer.body;
    auto const body = boost::json::parse(*answer.body).as_object();
    EXPECT_EQ(body.at("user").at("email"), "owner@example.org");
    EXPECT_EQ(body.at("csrf_token").as_string().size(), 43U);
    auto const cookie = cookie_of(answer);
    auto who = get("/app/", cookie);
    auto const actor = test::run(actor_of(services_, who));
    ASSERT_TRUE(actor);
    EXPECT_EQ(actor->csrf_token, std::string_view(body.at("csrf_token").as_string()));

    auto leave = post("/api/v1/logout", "", cookie);
    EXPECT_EQ(ask(leave).status, 403);
    leave.headers["x-csrf-token"] = actor->csrf_token;
    EXPECT_EQ(ask(leave).status, 200);
    EXPECT_FALSE(test::run(actor_of(services_, who)));
}

TEST_F(AccountsPages, JsonThatIsNoLoginIsRefused)
{
    auto const status = [&](std::string body, std::string type = "application/json",
                            std::string origin = "http://localhost:8080") {
        auto request = post("/api/v1/login", std::move(body));
        request.headers["content-type"] = std::move(type);
        request.headers["origin"] = std::move(origin);
        return ask(request).status;
    };
    auto const good = R"({"email":"owner@example.org","password":"correct horse battery"})";

    EXPECT_EQ(status(good, "text/plain"), 422);
    EXPECT_EQ(status(good, "application/json", "http://evil.example"), 403);
    EXPECT_EQ(status("{}"), 422);
    EXPECT_EQ(status("[]"), 422);
    EXPECT_EQ(status(R"({"email":"owner@example.org","password":"x","role":"owner"})"), 422);
    EXPECT_EQ(status(R"({"email":"owner@example.org","password":"wrong password"})"), 403);
    EXPECT_EQ(status(good), 200);
}

TEST_F(AccountsPages, EveryPageHasItsWordsInEveryLanguage)
{
    auto const cookie = signed_in("owner@example.org");
    for (auto const& language : languages()) {
        for (auto const* path : {"/app/", "/app/sign-in/x"}) {
            for (auto const& who : {cookie, std::string()}) {
                auto request = get(path, who);
                request.headers["accept-language"] = language;
                auto const page = ask(request);
                if (page.body) {
                    EXPECT_EQ(page.body->find("accounts."), std::string::npos) << *page.body;
                }
            }
        }
    }
}

}
}
