#include "html/drawings.h"

#include <fmt/format.h>
#include <qrencode.h>

#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>
#include <string>

namespace kutsu::html
{
namespace
{

// A five-pointed star, one point up, around a middle.
std::string star_points(double x, double y, double radius)
{
    std::string points;
    for (int corner = 0; corner < 10; ++corner) {
        // The inner corners of a regular pentagram lie at 0.382 of the radius.
        double const r = corner % 2 == 0 ? radius : radius * 0.381966;
        double const angle = std::numbers::pi * (corner / 5.0 - 0.5);
        points += fmt::format("{}{:.2f},{:.2f}", corner == 0 ? "" : " ", x + r * std::cos(angle),
                              y + r * std::sin(angle));
    }
    return points;
}

SafeHtml emblem_inside()
{
    Html html;
    html.add(Tag::rect, {attr::width(810), attr::height(540), attr::fill("#039")});
    html.add(Tag::g, {attr::fill("#fc0")}, [&] {
        for (int hour = 0; hour < 12; ++hour) {
            double const angle = std::numbers::pi * hour / 6.0;
            auto points = star_points(405 + 180 * std::cos(angle), 270 + 180 * std::sin(angle), 30);
            html.add(Tag::polygon, {attr::points(std::move(points))});
        }
    });
    return std::move(html).piece();
}

using Code = std::unique_ptr<QRcode, decltype(&QRcode_free)>;

Code encode(std::string_view content)
{
    Code code(QRcode_encodeData(static_cast<int>(content.size()),
                                reinterpret_cast<unsigned char const*>(content.data()), 0, QR_ECLEVEL_M),
              &QRcode_free);
    if (!code)
        throw std::runtime_error("text does not fit into a QR code");
    return code;
}

// One path of horizontal runs: "M4 4h7v1h-7z", four modules of quiet zone around.
std::string modules(QRcode const& code)
{
    std::string path;
    for (int y = 0; y < code.width; ++y) {
        for (int x = 0; x < code.width;) {
            int end = x;
            while (end < code.width && (code.data[y * code.width + end] & 1U) != 0)
                ++end;
            if (end > x)
                path += fmt::format("M{} {}h{}v1h-{}z", x + 4, y + 4, end - x, end - x);
            x = std::max(end, x + 1);
        }
    }
    return path;
}

struct SignPath
{
    std::string_view name;
    std::string_view path;
};

// On a field of 24 by 24.
constexpr std::array sign_paths = {
    SignPath{"tick", "M9.5 18.6 3.4 12.5l2-2 4.1 4.1L18.6 5.4l2 2z"},
    SignPath{"clock", "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 "
                      "0-15zM10.8 6.500v6.200l4.600 3 1.200-2-3.400-2.200v-5z"},
    SignPath{"warning", "M12 2.500 1.500 21h21zM10.800 9h2.400v6h-2.400zm0 7.500h2.400v2.400h-2.400z"},
    SignPath{"cross",
             "m6.400 4.400-2 2L10 12l-5.600 5.600 2 2L12 14l5.600 5.600 2-2L14 12l5.600-5.600-2-2L12 10z"},
    SignPath{"info",
             "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1.300 8.500h2.600v7h-2.600zm0-4h2.600v2.600h-2.600z"},
};

}

void add_logo(Html& html)
{
    // Two banks and what goes between them.
    html.add(Tag::svg, {attr::cls("logo"), attr::view_box("0 0 32 32"), attr::aria("hidden", "true")}, [&] {
        html.add(Tag::rect, {attr::width(32), attr::height(32), attr::cls("logo-ground")});
        html.add(Tag::path,
                 {attr::cls("logo-bridge"),
                  attr::path_data(
                      "M4 22v-3.500C8 12 12 9.500 16 9.500s8 2.500 12 9V22h-3.500v-2C22.500 15.500 19 13 "
                      "16 13s-6.500 2.500-8.500 7v2z")});
    });
}

void add_eu_emblem(Html& html, std::string_view alternative)
{
    static SafeHtml const inside = emblem_inside();
    html.add(Tag::svg,
             {attr::cls("eu-emblem"), attr::view_box("0 0 810 540"), attr::width(90), attr::height(60),
              attr::role("img"), attr::aria("label", alternative)},
             inside);
}

void add_qr(Html& html, std::string_view content, std::string_view alternative)
{
    auto const code = encode(content);
    auto const size = code->width + 8;
    html.add(Tag::svg,
             {attr::cls("qr"), attr::view_box(fmt::format("0 0 {} {}", size, size)), attr::role("img"),
              attr::aria("label", alternative)},
             [&] {
                 html.add(Tag::rect, {attr::width(size), attr::height(size), attr::fill("#fff")});
                 html.add(Tag::path, {attr::fill("#000"), attr::path_data(modules(*code))});
             });
}

void add_sign(Html& html, Sign sign)
{
    auto const& [name, path] = sign_paths.at(static_cast<std::size_t>(sign) - 1);
    html.add(Tag::svg,
             {attr::cls(fmt::format("sign sign-{}", name)), attr::view_box("0 0 24 24"),
              attr::aria("hidden", "true")},
             [&] { html.add(Tag::path, {attr::path_data(std::string(path))}); });
}

}
