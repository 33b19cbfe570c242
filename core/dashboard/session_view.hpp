#pragma once

#include "core/dashboard/html.hpp"
#include "core/model/session.hpp"

namespace jarvis::dashboard {

// What a page and a report say of a session alike.

/** When, how, what it cost and what it came to. */
Html session_summary(const Session& session);

/** The clusters, as measured and as the teacher claimed; empty when there are none. `with_links`:
 * the traces are a page away. */
Html cluster_section(const Session& session, bool with_links);

}  // namespace jarvis::dashboard
