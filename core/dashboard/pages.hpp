#pragma once

#include "core/dashboard/page.hpp"

namespace jarvis::dashboard {

// One function for each page; each lives in the file of its name in pages/.
Page overview_page(const Visit& visit);
Page sessions_page(const Visit& visit);
Page session_page(const Visit& visit, const std::string& id);
Page conversation_page(const Visit& visit, const std::string& id);
Page review_page(const Visit& visit);
Page benchmark_page(const Visit& visit);
Page traces_page(const Visit& visit);
Page trace_page(const Visit& visit, const std::string& id);
Page plugins_page(const Visit& visit);
Page settings_page(const Visit& visit);
Page actions_page(const Visit& visit);
Page action_page(const Visit& visit, const std::string& number);

}  // namespace jarvis::dashboard
