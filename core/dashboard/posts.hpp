#pragma once

#include <functional>
#include <map>
#include <string>

#include "core/dashboard/page.hpp"
#include "core/model/result.hpp"

namespace jarvis::dashboard {

using Fields = std::map<std::string, std::string>;

/** What a form does: gives the address to go on to. */
using Post = std::function<Result<std::string>(const Visit& visit, const Fields& fields)>;

/** What is done at this address; empty where nothing is. */
Post post_at(const Target& target);

}  // namespace jarvis::dashboard
