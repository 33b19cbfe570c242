#include "core/dashboard/site.hpp"

#include <algorithm>

#include "core/base/digest.hpp"
#include "core/dashboard/access.hpp"
#include "core/dashboard/assets.hpp"
#include "core/dashboard/page.hpp"
#include "core/dashboard/posts.hpp"
#include "core/dashboard/routes.hpp"
#include "core/dashboard/wording.hpp"
#include "core/home/paths.hpp"

namespace jarvis::dashboard {

namespace {

constexpr std::size_t kSecretDigits = 64;
constexpr std::size_t kMostBody = 16384;

constexpr const char* kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' "
    "data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

Reply refusal(int status, const std::string& title, const std::string& text) {
  return {status, "text/html; charset=utf-8",
          bare(title, {element("h1", title), element("p", text)})};
}

Reply with_safe_headers(Reply reply) {
  reply.headers.insert(reply.headers.end(), {{"Content-Security-Policy", kPolicy},
                                             {"Referrer-Policy", "no-referrer"},
                                             {"X-Content-Type-Options", "nosniff"},
                                             {"X-Frame-Options", "DENY"},
                                             {"Cross-Origin-Opener-Policy", "same-origin"},
                                             {"Cross-Origin-Resource-Policy", "same-origin"},
                                             {"Cache-Control", "no-store"}});
  return reply;
}

std::string cookie_name(int port) {
  // Cookies know no ports: two dashboards must not take each other's.
  return "jarvis_dashboard_" + std::to_string(port);
}

Reply not_signed_in(bool had_token) {
  return refusal(401, "Not signed in",
                 had_token ? "This link was used before, or is not of this dashboard. Go on in the "
                             "browser that opened it, or start 'jarvis dashboard' again."
                           : "Open the link that 'jarvis dashboard' printed when it started.");
}

std::string type_of(const std::string& asset_name) {
  if (asset_name.ends_with(".css")) return "text/css; charset=utf-8";
  if (asset_name.ends_with(".js")) return "text/javascript; charset=utf-8";
  return "image/svg+xml";
}

std::string stamp_text(const Stamp& stamp) {
  return std::to_string(stamp.changed_ns) + "." + std::to_string(stamp.size) + "." +
         std::to_string(stamp.file) + ";";
}

}  // namespace

Site::Site(Parts parts, int port)
    : port_(port),
      token_(random_hex(kSecretDigits)),
      session_(random_hex(kSecretDigits)),
      csrf_(random_hex(kSecretDigits)),
      desk_(std::move(parts)) {
  desk_.index.look();
}

std::string Site::address() const {
  return "http://127.0.0.1:" + std::to_string(port_) + "/?token=" + token_;
}

Reply Site::answer(const Request& request) try {
  return with_safe_headers(routed(request));
} catch (const std::exception& error) {
  return with_safe_headers(refusal(500, "Something is wrong", error.what()));
}

Reply Site::routed(const Request& request) {
  if (!is_own_host(request.header("host"), port_))
    return refusal(403, "Wrong host",
                   "This dashboard answers at its own address alone: open the link that "
                   "'jarvis dashboard' printed.");
  if (request.method != "GET" && request.method != "HEAD" && request.method != "POST") {
    Reply reply = refusal(405, "Not allowed", "This dashboard does not know that method.");
    reply.headers.emplace_back("Allow", "GET, HEAD, POST");
    return reply;
  }
  const bool knows_us =
      is_same_secret(cookie_value(request.header("cookie"), cookie_name(port_)), session_);
  if (knows_us) return signed_in(request);
  const auto target = parse_target(request.target);
  const std::string token =
      target && target->path == "/" && request.method == "GET" ? target->field("token") : "";
  if (!token.empty() && is_same_secret(token, token_) && !token_used_.exchange(true))
    return sign_in();
  return not_signed_in(!token.empty());
}

Reply Site::sign_in() {
  // A page that goes on by itself, and no status that does: to what follows a link from elsewhere
  // a browser does not give the new cookie.
  Reply reply{
      200, "text/html; charset=utf-8",
      bare("Signed in",
           {element("h1", "Signed in"), element("p", link("/", "Go on to the overview"))}, true)};
  reply.headers.emplace_back(
      "Set-Cookie", cookie_name(port_) + "=" + session_ + "; Path=/; HttpOnly; SameSite=Strict");
  return reply;
}

Reply Site::signed_in(const Request& request) {
  auto target = parse_target(request.target);
  if (!target) target = Target{"/.", {}};
  if (request.method == "POST") return posted(request, *target);
  if (target->path == "/" && !target->field("token").empty()) {
    Reply reply{303};
    reply.headers.emplace_back("Location", "/");
    return reply;
  }
  if (target->path == "/events") {
    Reply reply{200, "text/event-stream"};
    reply.is_event_stream = true;
    return reply;
  }
  const auto parts = target->parts();
  if (parts.size() == 2 && parts[0] == "static") {
    const std::string_view text = asset(parts[1]);
    if (!text.empty()) return {200, type_of(parts[1]), std::string(text)};
  }
  const Visit visit{desk_, *target, csrf_};
  const Page page = page_at(visit);
  return {page.status, "text/html; charset=utf-8", framed(visit, page)};
}

Reply Site::posted(const Request& request, const Target& target) {
  const Visit visit{desk_, target, csrf_};
  const Post post = post_at(target);
  if (!post) {
    const Page page = not_found_page("There is nothing at this address.");
    return {page.status, "text/html; charset=utf-8", framed(visit, page)};
  }
  if (!is_from_own_page(request, port_))
    return refusal(403, "Refused", "This form was not sent by a page of this dashboard.");
  if (request.body.size() > kMostBody)
    return refusal(413, "Too long", "What was sent is longer than any form of this dashboard.");
  const std::string type = request.header("content-type");
  const auto fields = type.rfind("application/x-www-form-urlencoded", 0) == 0
                          ? parse_fields(request.body)
                          : std::nullopt;
  if (!fields || fields->count("csrf") == 0 || !is_same_secret(fields->at("csrf"), csrf_))
    return refusal(403, "Refused",
                   "The form is not one of this dashboard's, or is older than it: load the page "
                   "again.");
  const auto next = post(visit, *fields);
  if (next) {
    Reply reply{303};
    reply.headers.emplace_back("Location", *next);
    return reply;
  }
  Page page = error_page(next.error());
  if (page.status == 200) page.status = next.error().kind == ErrorKind::locked ? 409 : 400;
  return {page.status, "text/html; charset=utf-8", framed(visit, page)};
}

std::string Site::state() {
  const auto content = desk_.index.look();
  const std::filesystem::path& home = desk_.parts.home;
  std::string text = std::to_string(content->version) + ";";
  for (const char* place : {kPendingReviewFolder, kLockFile, kDaemonStateFile, kDaemonPidFile})
    text += stamp_text(stamp_of(home / place));
  for (const SessionLine& session : content->sessions)
    if (is_unfinished(session.status) || &session == &content->sessions.front())
      text += stamp_text(stamp_of(home / kSessionsFolder / session.id / "steps.jsonl"));
  for (const Action& action : desk_.actions.list())
    text += std::to_string(action.number) + (action.is_running() ? "+" : "-");
  return text;
}

}  // namespace jarvis::dashboard
