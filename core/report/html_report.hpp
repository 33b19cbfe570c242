#pragma once

#include <string>

#include "core/report/material.hpp"

namespace jarvis {

/** One page that stands alone: its style within it, no script, nothing from elsewhere. */
std::string html_report(const ReportMaterial& material);

}  // namespace jarvis
