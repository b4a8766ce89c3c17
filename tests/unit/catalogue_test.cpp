#include "events/catalogue.h"

#include <gtest/gtest.h>

namespace kutsu::events
{
namespace
{

EventPtr at_version(std::int64_t version, std::string slug = "event")
{
    Event event;
    event.slug = std::move(slug);
    event.version = version;
    return std::make_shared<Event const>(std::move(event));
}

class CatalogueTest : public ::testing::Test
{
protected:
    CatalogueTest() { catalogue.replace_all({at_version(1)}, {}); }

    void wait_for(std::int64_t version, std::string const& slug = "event")
    {
        catalogue.when_seen(slug, version, [this, version] { seen_versions.push_back(version); });
    }

    using Versions = std::vector<std::int64_t>;
    Catalogue catalogue;
    Versions seen_versions;
};

TEST_F(CatalogueTest, an_older_picture_never_covers_a_newer_one)
{
    catalogue.replace(at_version(5), {});
    catalogue.replace(at_version(4), {});

    EXPECT_EQ(catalogue.find("event")->version, 5);
}

TEST_F(CatalogueTest, whoever_changed_something_is_answered_when_it_is_seen)
{
    wait_for(3);
    wait_for(2);
    EXPECT_EQ(seen_versions, Versions{});

    catalogue.replace(at_version(2), {});
    EXPECT_EQ(seen_versions, Versions{2});
    catalogue.replace(at_version(7), {});
    EXPECT_EQ(seen_versions, (Versions{2, 3}));
    wait_for(7);
    EXPECT_EQ(seen_versions, (Versions{2, 3, 7}));
}

TEST_F(CatalogueTest, nobody_waits_for_an_event_that_is_not_here_or_while_the_database_is_away)
{
    wait_for(9, "unknown");
    EXPECT_EQ(seen_versions, Versions{9});

    wait_for(3);
    catalogue.set_away(true);
    EXPECT_EQ(seen_versions, (Versions{9, 3}));
    wait_for(4);
    EXPECT_EQ(seen_versions, (Versions{9, 3, 4}));
}

TEST_F(CatalogueTest, only_those_who_have_waited_long_are_let_go_without)
{
    wait_for(3);
    catalogue.give_up_waiting();

    EXPECT_EQ(seen_versions, Versions{});
}

}
}
