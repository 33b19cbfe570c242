#pragma once

#include <string>

namespace jarvis {

/** From here on SIGINT and SIGTERM ask the running session to stop; a second one ends the program
 * as usual. SIGPIPE is ignored: a closed pipe is an error of that write and no more. */
void catch_interrupts();

/** Whether somebody asked to stop. Safe to call from any thread. */
bool interrupted();

/** While it lives, the first Ctrl-C is answered on stderr at once with these words: what is at work
 * may take a while to end. One at a time. */
class InterruptAnswer {
 public:
  explicit InterruptAnswer(std::string words);
  ~InterruptAnswer();
  InterruptAnswer(const InterruptAnswer&) = delete;
  InterruptAnswer& operator=(const InterruptAnswer&) = delete;

 private:
  const std::string words_;
};

}  // namespace jarvis
