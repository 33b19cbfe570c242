#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <jarvis/sdk/payload/edit.hpp>
#include <jarvis/testing/loaded_plugin.hpp>
#include <map>
#include <stdexcept>
#include <string>

namespace jarvis::testing {

/** An applier's real shared object with a home of its own (removed with the object), for tests.
 * Each edit goes through validate and apply and is held to the contract that the host enforces; a
 * breach throws. */
class ApplierFixture {
 public:
  /** Loads `library`, a file, for edits of `op`; the home is an empty folder. Throws
   * std::runtime_error when one of the two fails. */
  ApplierFixture(const std::string& library, std::string op)
      : plugin_(library), op_(std::move(op)) {
    std::string pattern = (std::filesystem::temp_directory_path() / "jarvis-home-XXXXXX").string();
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary directory");
    home_ = pattern;
  }
  ~ApplierFixture() {
    std::error_code ignored;
    std::filesystem::remove_all(home_, ignored);
  }
  ApplierFixture(const ApplierFixture&) = delete;
  ApplierFixture& operator=(const ApplierFixture&) = delete;

  /** The home's absolute path. */
  const std::filesystem::path& home() const { return home_; }

  /** Makes or replaces a file of the home, with its folders. `relative` as in "agents/a/x.md". */
  void write(const std::string& relative, const std::string& text) const {
    std::filesystem::create_directories((home_ / relative).parent_path());
    std::ofstream(home_ / relative, std::ios::binary) << text;
  }

  /** The bytes of a file of the home; empty when there is none. */
  std::string read(const std::string& relative) const {
    std::ifstream file(home_ / relative, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  /** Validates and applies, whatever validate says; the answer is that of apply. Throws
   * std::logic_error when validate wrote something or judged otherwise than apply, when a refused
   * edit changed a file, or when a made one changed other files than it reported (in the order of
   * their names). The payload is not checked against the manifest's schema, nor the files against
   * its `touches`. */
  Answer edit(const json::object& payload, const std::string& target = "") {
    const auto& functions = plugin_.of<jarvis_edit_applier_1>(JARVIS_EDIT_APPLIER_1);
    const json::object request = to_json(sdk::EditRequest{op_, target, payload, home_.string()});
    const std::map<std::string, std::string> before = files();
    const Answer checked = plugin_.call(functions.validate, request, host_);
    if (files() != before) throw std::logic_error("validate changed the home");
    const Answer made = plugin_.call(functions.apply, request, host_);
    if (checked.status != made.status || checked.message != made.message)
      throw std::logic_error("validate: '" + checked.message + "', apply: '" + made.message + "'");
    require_reported(before, made);
    return made;
  }

 private:
  /** Every file and link of the home, with its text or its target. */
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(home_)) {
      const std::string name = entry.path().lexically_relative(home_).string();
      if (entry.is_symlink())
        found[name] = "link to " + std::filesystem::read_symlink(entry.path()).string();
      else if (entry.is_regular_file())
        found[name] = read(name);
    }
    return found;
  }

  void require_reported(const std::map<std::string, std::string>& before,
                        const Answer& made) const {
    const std::map<std::string, std::string> after = files();
    std::vector<std::string> changed;
    for (const auto& [name, text] : after) {
      const auto old = before.find(name);
      if (old == before.end() || old->second != text) changed.push_back(name);
    }
    for (const auto& entry : before)
      if (!after.count(entry.first)) changed.push_back(entry.first);
    std::vector<std::string> reported;
    if (made.ok()) reported = sdk::edit_result(made.result).changed_files;
    if (changed != reported)
      throw std::logic_error("the files that changed are not those reported");
  }

  LoadedPlugin plugin_;
  FakeHost host_;
  std::string op_;
  std::filesystem::path home_;
};

}  // namespace jarvis::testing
