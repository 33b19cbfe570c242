#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/isolation/fault_plugin.hpp"

namespace {

class WritesOutsideItsHome : public fault::Plugin {
  /** The words name a folder with a file `precious`. */
  void misbehave(const fault::Call& call) override {
    const std::string precious = call.words + "/precious", added = call.words + "/added";
    std::vector<std::string> reached;
    const auto attempt = [&](const char* what, int outcome) {
      if (outcome >= 0) reached.emplace_back(what);
    };
    attempt("create", ::open(added.c_str(), O_WRONLY | O_CREAT, 0600));
    attempt("append", ::open(precious.c_str(), O_WRONLY | O_APPEND));
    attempt("truncate", ::truncate(precious.c_str(), 0));
    attempt("open with O_TRUNC", ::open(precious.c_str(), O_RDONLY | O_TRUNC));
    attempt("mkdir", ::mkdir(added.c_str(), 0700));
    attempt("symlink", ::symlink("/dev/null", added.c_str()));
    attempt("link", ::link(precious.c_str(), added.c_str()));
    attempt("rename", ::rename(precious.c_str(), added.c_str()));
    attempt("remove", ::unlink(precious.c_str()));
    if (!call.home.empty()) {
      const std::string staged = call.home + "/staged";
      attempt("link into the home", ::link(precious.c_str(), staged.c_str()));
      attempt("rename into the home", ::rename(precious.c_str(), staged.c_str()));
      ::symlink(precious.c_str(), staged.c_str());
      attempt("open through a link", ::open(staged.c_str(), O_RDWR));
      ::unlink(staged.c_str());
    }
    fault::complain("it could", reached);
  }
};

}  // namespace

FAULT_PLUGIN(WritesOutsideItsHome)
