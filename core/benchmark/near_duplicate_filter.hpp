#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <vector>

#include "core/model/near_duplicates.hpp"

namespace jarvis {

/** What a filter holds of one question among a million: its MinHash bands, and its shingles where
 * they are few. */
struct Sketch {
  /** 12 bands of 3 minima each: two questions with 80 % in common share a band in 9,998 of 10,000
   * cases (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, 3.4). */
  static constexpr std::size_t kBands = 12;
  /** Where thousands share a band, as questions of one template do, three more minima tell them
   * apart: each band has a wide key and a narrow one. */
  static constexpr std::size_t kKeys = 2 * kBands;
  static constexpr std::size_t kMostHeld = 32;

  std::uint32_t* keys = nullptr;            ///< kKeys of them, wide and narrow by turns
  const std::uint64_t* shingles = nullptr;  ///< null where there are more than kMostHeld
  std::uint32_t shingle_count = 0;
  bool stays = false;  ///< whatever it is like
};

/** Its arrays are taken from `memory`. */
Sketch sketch_of(const Shingles& shingles, std::pmr::memory_resource& memory);

/** The shingles of the question with this number: read again where the sketch holds none. Empty
 * when they are gone. */
using LoadShingles = std::function<Shingles(std::size_t)>;

/** The numbers, rising, of the questions that stay: of the first on, each that is no near duplicate
 * of one that stays before it. Each is compared exactly with those that share most bands with it,
 * eight at most, so that a million questions of one template take no longer than others. Spends
 * the keys. */
std::vector<std::size_t> without_near_duplicates(std::vector<Sketch>& sketches,
                                                 const LoadShingles& load);

}  // namespace jarvis
