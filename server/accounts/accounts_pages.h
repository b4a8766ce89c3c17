// The organisers' door and desk, made by the server and complete without JavaScript: sign-in with a password
// or a one-time link, and the list of events. And the same door for programs (POST /api/v1/login). The people
// of an event: registration/people_pages.h.
//
//   GET  /app/                          sign-in, or the desk of whoever is signed in
//   POST /app/sign-in                   email, password
//   POST /app/sign-in-link              email: a link by mail
//   GET  /app/sign-in/{token}           shows a button only: mail programs open links by themselves
//   POST /app/sign-in/{token}           uses the link
//   POST /app/sign-out
//   POST /api/v1/login                  {"email","password"} → cookie, {"user","csrf_token","expires_at"}
//   POST /api/v1/logout
#pragma once

#include "accounts/sign_in_door.h"
#include "base/services.h"
#include "html/frame.h"
#include "net/http.h"

#include <vector>

namespace kutsu::accounts
{

std::vector<net::Route> routes(Services& services, html::Assets const& assets,
                               SignInLimits const& limits = {});

}
