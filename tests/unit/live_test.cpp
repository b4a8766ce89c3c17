#include "live/live.h"

#include <gtest/gtest.h>

namespace kutsu::live
{
namespace
{

// A socket that remembers what it was sent.
class Listener : public net::Session
{
public:
    explicit Listener(boost::asio::io_context& context) : context_(context) {}

    void push(net::Frame frame) override { heard.push_back(*frame); }
    void close(std::uint16_t, std::string_view) override {}
    boost::asio::any_io_executor executor() override { return context_.get_executor(); }
    std::size_t backlog() const override { return 0; }

    std::vector<std::string> heard;

private:
    boost::asio::io_context& context_;
};

class LiveTest : public ::testing::Test
{
protected:
    void publish(std::int64_t version, std::string const& topic = "event")
    {
        auto const text = std::to_string(version);
        live.publish(topic, {version,
                             std::make_shared<std::string const>(text),
                             std::make_shared<std::string const>(text + " by Anna"),
                             {boost::json::object{{"version", version}}}});
    }

    void settle(boost::asio::io_context& context)
    {
        context.restart();
        context.run();
    }

    using Heard = std::vector<std::string>;
    boost::asio::io_context one{1};
    boost::asio::io_context two{1};
    Live live{{&one, &two}};
    std::shared_ptr<Listener> guest = std::make_shared<Listener>(one);
};

TEST_F(LiveTest, tells_only_what_is_newer_than_the_answer)
{
    live.subscribe(guest, "event", 5, false);
    for (auto const version : {4, 5, 6, 7})
        publish(version);
    settle(one);

    EXPECT_EQ(guest->heard, (Heard{"6", "7"}));
}

TEST_F(LiveTest, reaches_watchers_of_every_thread_and_of_the_topic_only)
{
    auto const other = std::make_shared<Listener>(two);
    live.subscribe(guest, "event", 1, false);
    live.subscribe(other, "other", 1, true);
    publish(2);
    publish(3, "other");
    settle(one);
    settle(two);

    EXPECT_EQ(guest->heard, (Heard{"2"}));
    EXPECT_EQ(other->heard, (Heard{"3 by Anna"}));
}

TEST_F(LiveTest, forgets_who_has_left)
{
    live.subscribe(guest, "event", 1, false);
    live.unsubscribe(*guest, "event");
    publish(2);
    settle(one);
    EXPECT_TRUE(guest->heard.empty());

    live.subscribe(guest, "event", 2, false);
    for (auto const& closed : guest->on_closed)
        closed();
    publish(3);
    settle(one);
    EXPECT_TRUE(guest->heard.empty());
}

TEST_F(LiveTest, reaches_more_watchers_than_fit_in_one_slice_once_each)
{
    std::vector<std::shared_ptr<Listener>> crowd;
    for (int i = 0; i < 1203; ++i) {
        crowd.push_back(std::make_shared<Listener>(one));
        live.subscribe(crowd.back(), "event", 1, false);
    }
    publish(2);
    publish(3);
    settle(one);

    for (auto const& each : crowd)
        ASSERT_EQ(each->heard, (Heard{"2", "3"}));
}

TEST_F(LiveTest, gives_what_was_missed_or_says_that_it_is_no_longer_all_there)
{
    for (std::int64_t version = 2; version <= 400; ++version)
        publish(version);

    EXPECT_EQ(live.since("event", 397, 399), (boost::json::array{{{"version", 398}}, {{"version", 399}}}));
    EXPECT_EQ(live.since("event", 400, 400), boost::json::array());
    EXPECT_FALSE(live.since("event", 10, 400));
    EXPECT_FALSE(live.since("event", 401, 400));
    EXPECT_FALSE(live.since("unknown", 1, 2));
}

}
}
