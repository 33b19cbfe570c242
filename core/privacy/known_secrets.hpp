#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/ports/home_view.hpp"

namespace jarvis {

/** The values of environment variables whose names look secret ("…_KEY", "…TOKEN…"), where the
 * value does too: at least eight bytes, no path, address or plain word. */
std::vector<std::string> secrets_of_environment();

/** The values in the home's credentials.toml and cloud-keys.env. A file that is not there or cannot
 * be read has none. */
std::vector<std::string> secrets_of_credential_files(const HomeView& home);

/** Whether a value that is kept under a secret name is to be removed wherever it stands. */
bool is_distinctive_secret(std::string_view value);

}  // namespace jarvis
