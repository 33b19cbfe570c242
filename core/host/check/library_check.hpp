#pragma once

#include <memory>

#include "core/host/check/report.hpp"
#include "core/host/check/subject.hpp"

namespace jarvis {

/** Judges the library as a file. None of its code runs. Gives whether the host would load it. */
bool check_library(const Manifest& manifest, const std::filesystem::path& library,
                   CheckReport& report);

/** Loads the library in a process of its own; gives whether it can be used. */
bool check_loading(Subject& subject, CheckReport& report);

}  // namespace jarvis
