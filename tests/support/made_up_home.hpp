#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/model/trace.hpp"

namespace jarvis::testing {

/** Question number `index` of a world that does not exist: sums, and the towns of an atlas. */
std::string question(std::size_t index);
/** Its answer; the same texts come from everybody who is right. */
std::string right_answer(std::size_t index);
/** Whether a student of this skill (0..100) answers it rightly. A better student is right wherever
 * a worse one is. */
bool is_within(std::size_t index, int skill);
/** The number of the question that stands in the text; throws when there is none. */
std::size_t number_of(const std::string& text);
bool holds_question(const std::string& text);

/** Trace number `index`, with the answer of a student of this skill, rated 1 where it is right and
 * 0 where it is not. */
Trace made_up_trace(std::size_t index, int skill);

/** A config.toml, with comments, whose teacher, student and judge are a FakeModels at `url`. The
 * teacher's key is in FERRENMARK_KEY. */
std::string config_for_models(const std::string& url);

/** Writes config.toml, a prompt, tool descriptions and traces.db. */
void make_home(const std::filesystem::path& home, const std::string& config,
               const std::vector<Trace>& traces);

/** Sets one key of the home's config.toml; `value` is JSON. */
void set_config(const std::filesystem::path& home, const std::vector<std::string>& path,
                const json::value& value);

}  // namespace jarvis::testing
