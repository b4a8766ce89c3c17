#include "feeds/revalidation.h"
#include "feeds_samples.h"

#include <zlib.h>

namespace kutsu::feeds
{
namespace
{

using namespace samples;

std::string gunzip(std::string const& packed)
{
    z_stream stream{};
    EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
    std::string out(1024 * 1024, '\0');
    auto copy = packed;
    stream.next_in = reinterpret_cast<Bytef*>(copy.data());
    stream.avail_in = static_cast<uInt>(copy.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

TEST(FeedAnswers, answer_with_the_fields_that_readers_need)
{
    World world;
    world.hold({event()});

    auto const response = world.get("/calendar/events.ics");

    EXPECT_EQ(header(response, "Content-Type"), "text/calendar; charset=utf-8");
    EXPECT_EQ(header(response, "Cache-Control"), "public, max-age=300, stale-if-error=86400");
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(header(response, "Cross-Origin-Resource-Policy"), "cross-origin");
    EXPECT_EQ(header(response, "Content-Disposition"), "(none)");
    EXPECT_EQ(header(response, "Last-Modified"), "Fri, 02 Apr 2027 10:11:12 GMT");
    EXPECT_EQ(header(response, "Age"), "(none)");
    std::string const link = header(response, "Link");
    EXPECT_TRUE(link.starts_with(
        "<https://kutsu.example/calendar/events.ics?lang=en>; rel=\"alternate\"; hreflang=\"en\"; "
        "type=\"text/calendar\", <https://kutsu.example/calendar/events.ics?lang=ru>; rel=\"alternate\"; "
        "hreflang=\"ru\"; type=\"text/calendar\""))
        << link;
    EXPECT_TRUE(link.contains("<https://kutsu.example/calendar/events.json?lang=fi>; rel=\"alternate\"; "
                              "hreflang=\"fi\"; type=\"application/calendar+json\""))
        << link;
    EXPECT_EQ(world.feed("/calendar/events.ics"), world.feed("/calendar/events.ics?lang=fi"));
}

TEST(FeedAnswers, revalidate_as_http_has_it)
{
    World world;
    world.hold({event()});
    auto const etag = header(world.get("/calendar/events.ics"), "ETag");
    std::string const modified = "Fri, 02 Apr 2027 10:11:12 GMT";
    std::string const garbage = "yesterday";

    struct Case
    {
        std::string if_none_match, if_modified_since;
        int status;
    };
    Case const cases[] = {{etag, "", 304},
                          {"W/" + etag, "", 304},
                          {"\"other\", " + etag, "", 304},
                          {"\"a\",W/" + etag + ",\"b\"", "", 304},
                          {"*", "", 304},
                          {"\"other\"", "", 200},
                          {"\"other\"", modified, 200}, // the tag alone decides
                          {etag, "Thu, 01 Jan 1970 00:00:00 GMT", 304},
                          {etag.substr(1, etag.size() - 2), "", 200}, // not quoted, not a tag
                          {"", modified, 304},
                          {"", "Fri, 02 Apr 2027 10:11:11 GMT", 200},
                          {"", "Friday, 02-Apr-27 10:11:12 GMT", 304},
                          {"", "Fri Apr  2 10:11:12 2027", 304},
                          {"", "Thu, 01 Jan 1970 00:00:00 GMT", 200},
                          {"", garbage, 200},
                          {"", modified + " or so", 200}};
    for (auto const& each : cases) {
        std::map<std::string, std::string, std::less<>> headers;
        if (!each.if_none_match.empty())
            headers["if-none-match"] = each.if_none_match;
        if (!each.if_modified_since.empty())
            headers["if-modified-since"] = each.if_modified_since;
        auto const response = world.get("/calendar/events.ics", headers);
        EXPECT_EQ(response.status, each.status) << each.if_none_match << " | " << each.if_modified_since;
        for (auto const* name : {"ETag", "Last-Modified", "Cache-Control", "Vary"})
            EXPECT_NE(header(response, name), "(none)") << name;
        EXPECT_EQ(response.body == nullptr, each.status == 304);
    }
}

TEST(FeedAnswers, are_compressed_for_who_asks_each_form_with_its_own_tag)
{
    World world;
    world.hold({with_sessions()});
    auto const bytes = world.feed("/calendar/events.ics?sessions=1");

    auto const gzipped = world.get("/calendar/events.ics?sessions=1", {{"accept-encoding", "gzip, deflate"}});
    auto const brotlied =
        world.get("/calendar/events.ics?sessions=1", {{"accept-encoding", "gzip, deflate, br"}});

    EXPECT_EQ(header(gzipped, "Content-Encoding"), "gzip");
    EXPECT_EQ(gunzip(*gzipped.body), bytes);
    EXPECT_EQ(header(brotlied, "Content-Encoding"), "br");
    EXPECT_LT(brotlied.body->size(), bytes.size() / 2);
    EXPECT_NE(header(gzipped, "ETag"), header(brotlied, "ETag"));
    EXPECT_NE(header(gzipped, "ETag"), header(world.get("/calendar/events.ics?sessions=1"), "ETag"));
    auto const again = world.get("/calendar/events.ics?sessions=1", {{"accept-encoding", "gzip, deflate"}});
    EXPECT_EQ(again.body.get(), gzipped.body.get());
    EXPECT_EQ(world
                  .get("/calendar/events.ics?sessions=1",
                       {{"accept-encoding", "gzip"}, {"if-none-match", header(gzipped, "ETag")}})
                  .status,
              304);
    EXPECT_EQ(
        world.get("/calendar/events.ics?sessions=1", {{"if-none-match", header(gzipped, "ETag")}}).status,
        200);
}

TEST(FeedAnswers, choose_the_encoding_by_the_qualities_given)
{
    std::pair<std::string_view, Encoding> const cases[] = {{"", Encoding::identity},
                                                           {"identity", Encoding::identity},
                                                           {"gzip", Encoding::gzip},
                                                           {"GZIP", Encoding::gzip},
                                                           {"gzip;q=0", Encoding::identity},
                                                           {"gzip; q=0.000", Encoding::identity},
                                                           {"br", Encoding::br},
                                                           {"gzip, br", Encoding::br},
                                                           {"br;q=0.5, gzip", Encoding::gzip},
                                                           {"br;q=0, gzip;q=0.1", Encoding::gzip},
                                                           {"*", Encoding::br},
                                                           {"br;q=0, *", Encoding::gzip},
                                                           {"deflate", Encoding::identity},
                                                           {"gzip;q=1.0, *;q=0", Encoding::gzip}};
    for (auto const& [header_value, encoding] : cases)
        EXPECT_EQ(net::choose_encoding(header_value), encoding) << header_value;
}

TEST(FeedAnswers, tell_their_age_while_the_database_is_away)
{
    World world;
    world.hold({event()});
    auto const before = world.get("/calendar/events.ics");

    world.catalogue.set_away(true);
    world.clock.set(world.clock.now() + std::chrono::seconds(90));
    auto const during = world.get("/calendar/events.ics");

    EXPECT_EQ(header(during, "Age"), "90");
    EXPECT_EQ(header(during, "ETag"), header(before, "ETag"));
    EXPECT_EQ(*during.body, *before.body);
}

}
}
