// Drawings that stand inside the page: no request, no style attribute, right in forced colours.
#pragma once

#include "html/html.h"

#include <string_view>

namespace kutsu::html
{

// Beside the site's name; decoration.
void add_logo(Html& html);
// Twelve gold stars in a circle on blue, 3:2 (Regulation (EU) 2021/1060, annex IX).
void add_eu_emblem(Html& html, std::string_view alternative);
// A QR code of the text, dark on light in every colour scheme, so that a reader can read it.
void add_qr(Html& html, std::string_view content, std::string_view alternative);

// Small signs beside words; decoration.
enum class Sign
{
    tick = 1,
    clock,
    warning,
    cross,
    info
};
void add_sign(Html& html, Sign sign);

}
