// What the pages of one's own registration share.
#pragma once

#include "html/frame.h"
#include "registration/registration_pages.h"

#include <string>
#include <string_view>
#include <vector>

namespace kutsu::registration
{

html::Url own_url(std::string_view language, Registration const& registration);
// Still something to change or to cancel.
bool is_alive(Registration const& registration);
html::Head own_head(OwnView const& view, std::string const& step);
std::vector<html::Attr> own_main(OwnView const& view);
bool is_over(OwnView const& view);
// The chosen sessions and the form that chooses others.
void add_my_programme(html::Html& html, OwnView const& view);
// The form for changes and the ways to the pages that ask before they act.
void add_ways_out(html::Html& html, OwnView const& view);

}
