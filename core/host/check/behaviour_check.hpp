#pragma once

#include "core/host/check/report.hpp"
#include "core/host/check/subject.hpp"

namespace jarvis {

/** The functions of an interface that the plugin offers. */
std::vector<PluginFunction> offered_functions(const Subject& subject, const std::string& interface);

/** Requests that no host sends are declined, and a sound one after them is taken. `home` is the
 * scratch home that requests name. */
void check_malformed_requests(Subject& subject, const Provided& provided, const std::string& home,
                              CheckReport& report);

/** What a tool, teacher, student or judge does when its services fail or talk nonsense, when the
 * call is cancelled and when it is called from many threads; whether its answers can be read. */
void check_services_and_threads(Subject& subject, const Provided& provided, const std::string& home,
                                CheckReport& report);

}  // namespace jarvis
