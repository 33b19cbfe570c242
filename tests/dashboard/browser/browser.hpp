#pragma once

#include <sys/types.h>

#include <boost/json.hpp>
#include <filesystem>
#include <memory>
#include <string>

namespace jarvis::testing {

/** The path of a program that PATH leads to; empty when there is none. */
std::string program_on_path(const std::string& name);

/** A headless Chromium, driven over the WebDriver protocol by chromedriver. Every wait ends with an
 * exception after a minute. */
class Browser {
 public:
  enum class Scripts { run, off };

  /** What is missing for a browser; empty when nothing is. */
  static std::string missing();

  explicit Browser(Scripts scripts);
  ~Browser();
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void open(const std::string& address);
  std::string address();
  std::string source();
  /** Clicks the first element of this XPath, once it is there. */
  void click(const std::string& xpath);
  void type(const std::string& xpath, const std::string& text);
  /** Until the page holds the text. */
  void wait_for(const std::string& text);
  /** Until the address begins so. */
  void wait_for_address(const std::string& start);
  boost::json::value run(const std::string& script);
  /** From now on, in each page before its own scripts. */
  void run_first(const std::string& script);

  void set_screen(int width, bool dark);
  /** The whole page as PNG. */
  void screenshot(const std::filesystem::path& file);

 private:
  boost::json::value call(const std::string& method, const std::string& path,
                          const boost::json::value& body = nullptr);
  boost::json::value devtools(const std::string& command, const boost::json::object& parameters);
  std::string element(const std::string& xpath);
  void start_driver();
  void stop_driver();

  pid_t driver_ = 0;
  int driver_out_ = -1;
  int port_ = 0;
  std::string session_;
  int width_ = 1280;
};

}  // namespace jarvis::testing
