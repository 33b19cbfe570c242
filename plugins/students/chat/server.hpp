#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugins/students/chat/engine.hpp"
#include "plugins/students/chat/engine_place.hpp"

namespace jarvis::chat {

/** The student's server, as all protocols reach it. */
class Server {
 public:
  /** `start_hint` says how such a server is started. */
  Server(EnginePlace place, std::string start_hint, shared::Refusals& refusals);

  const std::string& engine() const { return place_.name; }
  const shared::Provider& provider() const { return provider_; }

  /** Posts what `body` makes of the request; without the tools where the server refuses them, and
   * without what a mend takes away. Any status may come back but those of Engine::ask's failures
   * to reach it. */
  shared::Posted post(const std::string& path, ModelRequest& request,
                      const std::function<json::object(const ModelRequest&)>& body,
                      const std::vector<shared::Mend>& mends, const shared::StreamShape& stream,
                      const sdk::Host& host);

  /** What a GET of `path` gives: an object, empty when the server answers anything else. One that
   * answers anything is there; not every one can list its models. */
  json::object get(const std::string& path, const sdk::Host& host) const;

 private:
  [[noreturn]] void cannot_reach(const sdk::Failure& cause) const;

  EnginePlace place_;
  shared::Provider provider_;
  std::string start_hint_;
  shared::Refusals& refusals_;
};

/** The texts at `name` of the objects in the list at `list`; others are passed over. */
std::vector<std::string> names_listed(const json::object& body, const char* list, const char* name);

}  // namespace jarvis::chat
