#include "core/daemon/failure_clusters.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>

#include "core/base/utf8.hpp"
#include "core/model/near_duplicates.hpp"
#include "core/model/query_class.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kShortestWord = 3;
constexpr std::size_t kMostWords = 200;
constexpr std::size_t kDescribingWords = 4;

/** Common words of the languages whose questions `classify` knows best. */
const std::set<std::string, std::less<>>& common_words() {
  static const std::set<std::string, std::less<>> words{
      "about",  "after", "all",     "also",  "and",      "any",  "are",    "because", "been",
      "before", "being", "between", "both",  "but",      "can",  "cannot", "could",   "did",
      "does",   "doing", "don",     "each",  "explain",  "few",  "find",   "for",     "from",
      "get",    "give",  "had",     "has",   "have",     "help", "her",    "here",    "him",
      "his",    "how",   "into",    "its",   "just",     "know", "let",    "like",    "make",
      "many",   "may",   "might",   "more",  "most",     "much", "must",   "need",    "not",
      "now",    "off",   "one",     "only",  "other",    "our",  "out",    "over",    "please",
      "say",    "says",  "shall",   "she",   "should",   "show", "some",   "such",    "tell",
      "than",   "that",  "the",     "their", "them",     "then", "there",  "these",   "they",
      "this",   "those", "too",     "under", "use",      "very", "want",   "was",     "were",
      "what",   "when",  "where",   "which", "while",    "who",  "whom",   "whose",   "why",
      "will",   "with",  "would",   "write", "you",      "your", "aber",   "auch",    "auf",
      "aus",    "bei",   "bitte",   "das",   "dem",      "den",  "der",    "des",     "die",
      "ein",    "eine",  "einen",   "einer", "für",      "hat",  "ich",    "ist",     "kann",
      "mir",    "mit",   "nach",    "nicht", "oder",     "sich", "sie",    "sind",    "und",
      "von",    "warum", "was",     "wenn",  "wer",      "wie",  "wird",   "wo",      "zum",
      "zur",    "avec",  "ce",      "cette", "comment",  "dans", "des",    "est",     "les",
      "mais",   "par",   "pas",     "pour",  "pourquoi", "que",  "quel",   "quelle",  "qui",
      "sont",   "sur",   "une",     "vous",  "como",     "con",  "cual",   "del",     "donde",
      "las",    "los",   "más",     "para",  "pero",     "por",  "qué",    "son",     "una"};
  return words;
}

struct Character {
  char32_t code = 0;
  std::size_t length = 1;
};

/** The next character of valid UTF-8. */
Character character_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (at + length > text.size()) return {first, 1};
  char32_t code = first & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (byte(i) & 0x3fu);
  return {code, length};
}

bool is_digit(char32_t c) {
  return c >= '0' && c <= '9';
}

bool is_ascii_letter(char32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_part_of_word(char32_t c) {
  // General punctuation, and what stands between Latin and its accents, ends a word.
  return is_digit(c) || is_ascii_letter(c) || c == '_' ||
         (c >= 0xc0 && c != 0xd7 && c != 0xf7 && !(c >= 0x2000 && c <= 0x206f) &&
          !(c >= 0x3000 && c <= 0x303f) && !(c >= 0xff00 && c <= 0xff0f) && c != 0xfffd);
}

bool is_written_without_blanks(char32_t c) {
  return (c >= 0x3040 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af);
}

/** Collects the words of one text. */
class WordList {
 public:
  std::vector<std::string> of(std::string_view text) {
    std::size_t length = 1;
    for (std::size_t at = 0; at < text.size(); at += length) {
      const Character character = character_at(text, at);
      length = character.length;
      const std::string bytes(text.substr(at, length));
      if (is_written_without_blanks(character.code)) {
        end_word();
        if (!before_.empty()) add(before_ + bytes);
        before_ = bytes;
        continue;
      }
      before_.clear();
      if (!is_part_of_word(character.code)) {
        end_word();
        continue;
      }
      word_ += is_ascii_letter(character.code) ? std::string(1, static_cast<char>(bytes[0] | 0x20))
                                               : bytes;
      ++letters_;
      has_letter_ = has_letter_ || !is_digit(character.code);
    }
    end_word();
    return {words_.begin(), words_.end()};
  }

 private:
  void add(std::string word) {
    if (words_.size() < kMostWords) words_.insert(std::move(word));
  }

  void end_word() {
    if (letters_ >= kShortestWord && has_letter_ && !common_words().contains(word_)) add(word_);
    word_.clear();
    letters_ = 0;
    has_letter_ = false;
  }

  std::set<std::string> words_;
  std::string word_, before_;
  std::size_t letters_ = 0;
  bool has_letter_ = false;
};

/** Who is linked with whom, by way of others too. */
class Links {
 public:
  explicit Links(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  std::size_t group_of(std::size_t member) {
    while (parents_[member] != member) member = parents_[member] = parents_[parents_[member]];
    return member;
  }
  void link(std::size_t one, std::size_t other) { parents_[group_of(one)] = group_of(other); }

 private:
  std::vector<std::size_t> parents_;
};

struct Question {
  std::string_view query_class;
  std::string normalised;
  std::vector<std::uint32_t> words;  ///< numbers of words, sorted
};

bool are_alike(const Question& one, const Question& other) {
  if (one.query_class != other.query_class) return false;
  if (one.words.empty() || other.words.empty())
    return !one.normalised.empty() && one.normalised == other.normalised;
  std::size_t common = 0;
  for (auto a = one.words.begin(), b = other.words.begin();
       a != one.words.end() && b != other.words.end();) {
    if (*a == *b) ++common;
    const bool one_on = *a <= *b, other_on = *b <= *a;
    if (one_on) ++a;
    if (other_on) ++b;
  }
  return 10 * common >= 3 * (one.words.size() + other.words.size() - common);
}

/** The words that most of them share, the most frequent first. */
std::string shared_words(const std::vector<std::size_t>& members,
                         const std::vector<Question>& questions,
                         const std::vector<std::string>& words) {
  std::map<std::uint32_t, std::size_t> counts;
  for (const std::size_t member : members)
    for (const std::uint32_t word : questions[member].words) ++counts[word];
  std::vector<std::pair<std::size_t, std::string>> frequent;
  for (const auto& [word, count] : counts)
    if (count > 1) frequent.emplace_back(count, words[word]);
  std::sort(frequent.begin(), frequent.end(), [](const auto& one, const auto& other) {
    return one.first != other.first ? one.first > other.first : one.second < other.second;
  });
  if (frequent.size() > kDescribingWords) frequent.resize(kDescribingWords);
  std::string text;
  for (const auto& [count, word] : frequent) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "the same question" : text;
}

}  // namespace

std::vector<std::string> content_words(std::string_view text) {
  return WordList().of(valid_utf8(text));
}

std::vector<FailureCluster> group_failures(std::vector<Failure> failures) {
  std::sort(failures.begin(), failures.end(), [](const Failure& one, const Failure& other) {
    return one.started_at != other.started_at ? one.started_at > other.started_at
                                              : one.trace_id < other.trace_id;
  });
  std::vector<Question> questions;
  std::vector<std::string> words;
  std::map<std::string, std::uint32_t> numbers;
  for (const Failure& failure : failures) {
    Question question{classify(failure.query), normalised_query(failure.query), {}};
    for (std::string& word : content_words(failure.query)) {
      const auto [found, is_new] = numbers.emplace(word, static_cast<std::uint32_t>(words.size()));
      if (is_new) words.push_back(std::move(word));
      question.words.push_back(found->second);
    }
    std::sort(question.words.begin(), question.words.end());
    questions.push_back(std::move(question));
  }
  Links links(failures.size());
  for (std::size_t one = 0; one < failures.size(); ++one)
    for (std::size_t other = 0; other < one; ++other)
      if (links.group_of(one) != links.group_of(other) &&
          are_alike(questions[one], questions[other]))
        links.link(one, other);

  std::map<std::size_t, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < failures.size(); ++i) groups[links.group_of(i)].push_back(i);
  std::vector<std::vector<std::size_t>> sorted;
  for (auto& [root, members] : groups)
    if (members.size() > 1) sorted.push_back(std::move(members));
  std::sort(sorted.begin(), sorted.end(), [](const auto& one, const auto& other) {
    return one.size() != other.size() ? one.size() > other.size() : one.front() < other.front();
  });
  std::vector<FailureCluster> clusters;
  for (const std::vector<std::size_t>& members : sorted) {
    FailureCluster cluster;
    cluster.query_class = questions[members.front()].query_class;
    cluster.description = cluster.query_class + ": " + shared_words(members, questions, words);
    for (const std::size_t member : members) cluster.trace_ids.push_back(failures[member].trace_id);
    clusters.push_back(std::move(cluster));
  }
  return clusters;
}

}  // namespace jarvis
