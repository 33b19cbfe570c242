#include "core/home/checkpoint/commit_message.hpp"

#include <array>
#include <cctype>
#include <string_view>
#include <vector>

#include "core/base/utf8.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kSubjectLimit = 72;
constexpr std::array<std::string_view, 3> kOurTrailers = {"editid", "sessionid", "risktier"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines(1);
  for (const char c : text) {
    if (c == '\n' || c == '\r')
      lines.emplace_back();
    else if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F)
      lines.back() += c;
    else
      lines.back() += ' ';
  }
  return lines;
}

std::string trimmed(const std::string& line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : line.substr(first, line.find_last_not_of(' ') - first + 1);
}

/** Compares letters only, so that hyphens, spaces and look-alike dashes make no difference. */
bool looks_like_our_trailer(const std::string& line) {
  const std::size_t colon = line.find_first_of(":=#");
  if (colon == std::string::npos) return false;
  std::string letters;
  for (const unsigned char c : line.substr(0, colon))
    if (std::isalpha(c)) letters += static_cast<char>(std::tolower(c));
  for (const std::string_view name : kOurTrailers)
    if (letters == name) return true;
  return false;
}

std::string one_line(const std::string& text) {
  std::string joined;
  for (const std::string& line : lines_of(valid_utf8(text)))
    if (const std::string part = trimmed(line); !part.empty())
      joined += (joined.empty() ? "" : " ") + part;
  return joined;
}

std::string shortened(const std::string& text) {
  std::size_t characters = 0, cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) == 0x80) continue;
    if (characters == kSubjectLimit - 1) cut = i;
    if (++characters > kSubjectLimit) return trimmed(text.substr(0, cut)) + "…";
  }
  return text;
}

/** Without a blank line at either end. */
std::string body_of(const std::string& text) {
  std::string body;
  std::size_t blank = 0;
  for (const std::string& line : lines_of(valid_utf8(text))) {
    if (looks_like_our_trailer(line)) continue;
    if (trimmed(line).empty()) {
      ++blank;
      continue;
    }
    if (!body.empty()) body += blank > 0 ? "\n\n" : "\n";
    blank = 0;
    // A line of dashes ends the message for programs that read trailers.
    body += (line.starts_with("---") ? " " : "") + line;
  }
  return body;
}

}  // namespace

std::string commit_message(const CommitRequest& request) {
  std::string subject = shortened(one_line(request.subject));
  if (subject.empty()) subject = "learning: edit";
  std::string message = subject + "\n";
  if (const std::string body = body_of(request.body); !body.empty()) message += "\n" + body + "\n";
  if (!request.trailers.empty()) message += "\n";
  for (const auto& [name, value] : request.trailers)
    message += one_line(name) + ": " + one_line(value) + "\n";
  return message;
}

}  // namespace jarvis
