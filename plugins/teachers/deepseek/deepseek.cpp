#include <jarvis/sdk/plugin.hpp>

#include "plugins/shared/chat_engine.hpp"

namespace {

namespace sdk = jarvis::sdk;
namespace shared = jarvis::shared;
namespace json = boost::json;

shared::ChatDialect dialect() {
  shared::ChatDialect dialect;
  dialect.own_base_url = "https://api.deepseek.com/v1";
  // A thinking model refuses the results of its calls without the reasoning that led to them.
  dialect.kept = {"reasoning_content"};
  return dialect;
}

struct DeepSeek : shared::ChatTeacher {
  DeepSeek() : ChatTeacher(dialect()) {}
};

}  // namespace

JARVIS_PLUGIN(DeepSeek, "deepseek", "0.1.0")
