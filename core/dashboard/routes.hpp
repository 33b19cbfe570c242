#pragma once

#include "core/dashboard/page.hpp"

namespace jarvis::dashboard {

/** The page at the address that is visited; not_found_page where there is none. */
Page page_at(const Visit& visit);

}  // namespace jarvis::dashboard
