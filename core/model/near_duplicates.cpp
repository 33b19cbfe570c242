#include "core/model/near_duplicates.hpp"

#include <algorithm>
#include <map>

namespace jarvis {

namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/** The last step of MurmurHash3: each bit of the result depends on each bit of the number. */
std::uint64_t mixed(std::uint64_t number) {
  number = (number ^ (number >> 33)) * 0xff51afd7ed558ccdu;
  number = (number ^ (number >> 33)) * 0xc4ceb9fe1a85ec53u;
  return number ^ (number >> 33);
}

std::uint64_t chained(std::uint64_t before, std::uint64_t next) {
  return mixed(before + 0x9e3779b97f4a7c15u) + next;
}

/** Hands the hash (FNV-1a) of each word of the normalised text to `take`. */
template <class Take>
void for_each_word(std::string_view text, Take take) {
  constexpr std::uint64_t kBasis = 0xcbf29ce484222325u, kPrime = 0x100000001b3u;
  for (std::size_t at = 0; at < text.size();) {
    if (is_space(text[at])) {
      ++at;
      continue;
    }
    std::uint64_t hash = kBasis;
    for (; at < text.size() && !is_space(text[at]); ++at)
      hash = (hash ^ static_cast<unsigned char>(lower(text[at]))) * kPrime;
    take(mixed(hash));
  }
}

/** common / all >= 4 / 5, without rounding. */
bool reaches(std::size_t common, std::size_t one, std::size_t other) {
  return common > 0 && 5 * common >= 4 * (one + other - common);
}

}  // namespace

std::string normalised_query(std::string_view query) {
  std::string text;
  text.reserve(query.size());
  for (const char c : query) {
    if (!is_space(c))
      text += lower(c);
    else if (!text.empty() && text.back() != ' ')
      text += ' ';
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

QuestionPrint print_of(std::string_view query) {
  QuestionPrint print;
  std::uint64_t first = 0, second = 0;
  std::size_t words = 0;
  for_each_word(query, [&](std::uint64_t word) {
    print.question = chained(print.question, word);
    if (++words >= 3) print.shingles.push_back(mixed(chained(chained(first, second), word)));
    first = second;
    second = word;
  });
  print.question = mixed(print.question);
  if (words == 1 || words == 2) print.shingles.push_back(print.question);
  std::sort(print.shingles.begin(), print.shingles.end());
  print.shingles.erase(std::unique(print.shingles.begin(), print.shingles.end()),
                       print.shingles.end());
  return print;
}

bool are_near_duplicates(const std::uint64_t* one, std::size_t one_count,
                         const std::uint64_t* other, std::size_t other_count) {
  if (!reaches(std::min(one_count, other_count), one_count, other_count)) return false;
  std::size_t common = 0;
  for (std::size_t i = 0, j = 0; i < one_count && j < other_count;) {
    common += one[i] == other[j] ? 1 : 0;
    const bool step_one = one[i] <= other[j], step_other = other[j] <= one[i];
    i += step_one ? 1 : 0;
    j += step_other ? 1 : 0;
  }
  return reaches(common, one_count, other_count);
}

bool are_near_duplicates(const Shingles& one, const Shingles& other) {
  return are_near_duplicates(one.data(), one.size(), other.data(), other.size());
}

void QuestionSet::add(std::string_view query) {
  questions_.push_back(print_of(query).shingles);
  for (const std::uint64_t shingle : questions_.back())
    with_shingle_[shingle].push_back(questions_.size() - 1);
}

std::vector<std::size_t> QuestionSet::near_duplicates_of(std::string_view query) const {
  const Shingles shingles = print_of(query).shingles;
  std::map<std::size_t, std::size_t> common;
  for (const std::uint64_t shingle : shingles)
    if (const auto found = with_shingle_.find(shingle); found != with_shingle_.end())
      for (const std::size_t number : found->second) ++common[number];
  std::vector<std::size_t> near;
  for (const auto& [number, count] : common)
    if (reaches(count, questions_[number].size(), shingles.size())) near.push_back(number);
  return near;
}

}  // namespace jarvis
