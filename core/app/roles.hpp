#pragma once

#include "core/home/settings/settings.hpp"
#include "core/host/engine_seat.hpp"
#include "core/host/plugin_student.hpp"

namespace jarvis {

/** Who works for the user, as config.toml says. */
EngineSettings teacher_settings(const Settings& settings);
/** The judge's own settings, or the teacher's where none are given. */
EngineSettings judge_settings(const Settings& settings);
StudentSettings student_settings(const Settings& settings);

}  // namespace jarvis
