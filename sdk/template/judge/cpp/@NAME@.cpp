#include <jarvis/sdk/plugin.hpp>
#include <string>

namespace {

namespace sdk = jarvis::sdk;

/** Lower case, one blank between words, no full stop at the end. Letters beyond ASCII stay. */
std::string normalised(const std::string& text) {
  std::string made;
  bool blank = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      blank = !made.empty();
      continue;
    }
    if (blank) made += ' ';
    blank = false;
    made += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!made.empty() && (made.back() == '.' || made.back() == ' ')) made.pop_back();
  return made;
}

/** Called from many threads at once: it keeps no state of its own. */
class SameWords : public sdk::Judge {
 public:
  sdk::JudgeResult score(const sdk::JudgeRequest& request, const sdk::Host&) override {
    const std::string gold = normalised(request.gold);
    if (gold.empty()) return {std::nullopt, "the reference answer is empty", {}};
    if (gold == normalised(request.answer)) return {1.0, "the same words", {}};
    return {0.0, "other words than the reference answer", {}};
  }
};

}  // namespace

JARVIS_PLUGIN(SameWords, "@NAME@", "0.1.0")
