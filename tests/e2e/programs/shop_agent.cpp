// A user's own agent: answers the made-up home's questions as well as the model does that the files
// in OPENJARVIS_HOME choose. Run by hand it would ask a server; nothing of this program is in it.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <jarvis/text/student_home.hpp>
#include <string>

#include "core/model/query_class.hpp"
#include "tests/support/made_up_home.hpp"

int main(int count, char** arguments) try {
  using namespace jarvis;
  const char* home = std::getenv("OPENJARVIS_HOME");
  if (count != 3 || std::string(arguments[1]) != "--" || !home) {
    std::cerr << "usage: OPENJARVIS_HOME=… shop_agent -- QUERY\n";
    return 2;
  }
  const std::string query = arguments[2];
  const auto settings =
      text::student_settings(text::read_student_home(home), std::string(classify(query)), "");
  const int skill = settings.model == "student-large" ? 85 : 45;
  const std::size_t question = testing::number_of(query);
  // As agents do: it keeps notes in its home.
  std::ofstream(std::string(home) + "/agent-notes.txt", std::ios::app) << query << '\n';
  const std::string answer =
      testing::is_within(question, skill) ? testing::right_answer(question) : "unknown";
  std::cout << json::serialize(
                   json::object{{"content", "FINAL " + answer}, {"model", settings.model}})
            << '\n';
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
