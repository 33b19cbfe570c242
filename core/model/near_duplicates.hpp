#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace jarvis {

/** The query in lower case (ASCII) with each run of white space squashed to one space: two queries
 * that are equal in this form are one question. */
std::string normalised_query(std::string_view query);

/** Hashes of all runs of three words of a normalised text, sorted, each once. A text of one or two
 * words is one run; one without words has none. The same on every machine and in every run. */
using Shingles = std::vector<std::uint64_t>;

/** What is compared of a question. */
struct QuestionPrint {
  std::uint64_t question = 0;  ///< equal for queries that are equal when normalised
  Shingles shingles;
};

QuestionPrint print_of(std::string_view query);

/** Whether two sets of shingles have four fifths or more in common, as a share of all that either
 * has (Jaccard): the questions are one, near enough. Both sorted, each once. An empty set is like
 * no other. */
bool are_near_duplicates(const std::uint64_t* one, std::size_t one_count,
                         const std::uint64_t* other, std::size_t other_count);
bool are_near_duplicates(const Shingles& one, const Shingles& other);

/** A few questions that many others are compared with, exactly. Safe to read from many threads. */
class QuestionSet {
 public:
  void add(std::string_view query);
  /** The numbers, in the order they were added, of the questions that are near duplicates. */
  std::vector<std::size_t> near_duplicates_of(std::string_view query) const;
  bool has_near_duplicate_of(std::string_view query) const {
    return !near_duplicates_of(query).empty();
  }

 private:
  std::vector<Shingles> questions_;
  std::unordered_map<std::uint64_t, std::vector<std::size_t>> with_shingle_;
};

}  // namespace jarvis
