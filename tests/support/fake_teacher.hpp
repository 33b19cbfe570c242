#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <vector>

#include "tests/support/fake_models.hpp"

namespace jarvis::testing {

/** A conversation with the teacher, whatever protocol it came by. */
struct TeacherTalk {
  struct Use {
    std::string name;
    boost::json::object input;
    boost::json::object result;  ///< empty when it was no JSON object
  };
  bool offers_tools = false;
  std::string text;        ///< all texts, the system prompt first
  std::string last_words;  ///< the newest message of the user
  std::vector<Use> uses;   ///< the tool calls so far, with their results
};

TeacherTalk anthropic_talk(const boost::json::object& body);
TeacherTalk chat_talk(const boost::json::object& body);

/** What the teacher says next. */
struct TeacherTurn {
  std::string text;
  std::vector<TeacherTalk::Use> uses;  ///< calls to make, without results
};

TeacherTurn diagnose_next(const TeacherTalk& talk, const FakeBehaviour& behaviour);
/** {"edits":[…]}, in a fence after a word or two, or prose. */
std::string planned(const FakeBehaviour& behaviour);

}  // namespace jarvis::testing
