#pragma once

#include <string>

#include "core/report/material.hpp"

namespace jarvis {

/** The report in GitHub's Markdown. */
std::string markdown_report(const ReportMaterial& material);

}  // namespace jarvis
