#include "core/benchmark/near_duplicate_filter.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/parallel.hpp"

namespace jarvis {

namespace {

constexpr std::size_t kRows = 3;  // of a wide key; a narrow one has as many more
constexpr std::size_t kMostCompared = 8;
constexpr std::size_t kThreads = 2;
constexpr std::uint32_t kAlone = std::numeric_limits<std::uint32_t>::max();

/** Odd numbers, the same everywhere: multiplied by one, a hash becomes another hash. */
const std::array<std::uint64_t, Sketch::kKeys * kRows>& multipliers() {
  static const auto numbers = [] {
    std::array<std::uint64_t, Sketch::kKeys * kRows> made;
    std::uint64_t state = 0;
    for (std::uint64_t& number : made) {
      state += 0x9e3779b97f4a7c15u;
      number = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9u;
      number = ((number ^ (number >> 27)) * 0x94d049bb133111ebu) | 1u;
    }
    return made;
  }();
  return numbers;
}

void set_keys(const Shingles& shingles, std::uint32_t* keys) {
  for (std::size_t i = 0; i < Sketch::kKeys; ++i) {
    // A narrow key goes on from the wide one before it.
    std::uint64_t key = i % 2 == 0 ? i : keys[i - 1];
    for (std::size_t row = 0; row < kRows; ++row) {
      const std::uint64_t multiplier = multipliers()[i * kRows + row];
      std::uint64_t least = std::numeric_limits<std::uint64_t>::max();
      for (const std::uint64_t shingle : shingles) least = std::min(least, shingle * multiplier);
      key = (key ^ (least >> 20)) * 0xff51afd7ed558ccdu;
      key ^= key >> 33;
    }
    keys[i] = static_cast<std::uint32_t>(key);
  }
}

/** Of one band, who stays in each of its buckets. Questions that share a key with no other are in
 * none. */
class Buckets {
 public:
  /** Puts the numbers of the buckets in the place of the band's two keys. */
  void fill(std::vector<Sketch>& sketches, std::size_t band) {
    std::vector<std::uint64_t> keyed(sketches.size());
    for (std::size_t i = 0; i < sketches.size(); ++i) {
      keyed[i] = std::uint64_t{sketches[i].keys[2 * band]} << 32 | i;
    }
    std::sort(keyed.begin(), keyed.end());
    const auto narrow = [&](std::uint64_t* first, std::uint64_t* last) {
      const bool is_crowded = static_cast<std::size_t>(last - first) > kMostCompared;
      for (std::uint64_t* item = first; item != last; ++item) {
        std::uint32_t& key = sketches[*item & kAlone].keys[2 * band + 1];
        *item = std::uint64_t{key} << 32 | (*item & kAlone);
        key = kAlone;
      }
      if (!is_crowded) return;
      std::sort(first, last);
      for_each_run(first, last, [&](std::uint64_t* run, std::uint64_t* end) {
        put_into_bucket(sketches, 2 * band + 1, run, end);
      });
    };
    for_each_run(keyed.data(), keyed.data() + keyed.size(),
                 [&](std::uint64_t* run, std::uint64_t* end) {
                   put_into_bucket(sketches, 2 * band, run, end);
                   narrow(run, end);
                 });
    members_.resize(size_);
  }

  template <class Visit>
  void for_each_in(std::uint32_t bucket, Visit visit) const {
    if (bucket == kAlone) return;
    for (std::uint32_t i = 0; i < buckets_[bucket].used; ++i)
      visit(members_[buckets_[bucket].first + i]);
  }

  void put(std::uint32_t bucket, std::uint32_t number) {
    if (bucket == kAlone) return;
    Bucket& into = buckets_[bucket];
    if (into.used < into.room) members_[into.first + into.used++] = number;
  }

 private:
  struct Bucket {
    std::uint32_t first;
    std::uint16_t room, used;
  };

  /** Hands over what has the same upper half. */
  template <class Visit>
  static void for_each_run(std::uint64_t* first, std::uint64_t* last, Visit visit) {
    while (first != last) {
      std::uint64_t* end = first + 1;
      while (end != last && *end >> 32 == *first >> 32) ++end;
      visit(first, end);
      first = end;
    }
  }

  void put_into_bucket(std::vector<Sketch>& sketches, std::size_t key, const std::uint64_t* first,
                       const std::uint64_t* last) {
    const auto count = static_cast<std::size_t>(last - first);
    std::uint32_t bucket = kAlone;
    if (count > 1) {
      bucket = static_cast<std::uint32_t>(buckets_.size());
      const auto room = static_cast<std::uint16_t>(std::min(count, kMostCompared));
      buckets_.push_back({size_, room, 0});
      size_ += room;
    }
    for (; first != last; ++first) sketches[*first & kAlone].keys[key] = bucket;
  }

  std::vector<Bucket> buckets_;
  std::vector<std::uint32_t> members_;
  std::uint32_t size_ = 0;
};

class Filter {
 public:
  Filter(std::vector<Sketch>& sketches, const LoadShingles& load)
      : sketches_(sketches), load_(load) {
    parallel_for(Sketch::kBands, kThreads,
                 [&](std::size_t band) { buckets_[band].fill(sketches_, band); });
  }

  std::vector<std::size_t> run() {
    std::vector<std::size_t> staying;
    for (std::uint32_t i = 0; i < sketches_.size(); ++i) {
      if (!sketches_[i].stays && is_like_one_that_stays(i)) continue;
      staying.push_back(i);
      for (std::size_t key = 0; key < Sketch::kKeys; ++key)
        buckets_[key / 2].put(sketches_[i].keys[key], i);
    }
    return staying;
  }

 private:
  bool is_like_one_that_stays(std::uint32_t number) {
    met_.clear();
    for (std::size_t key = 0; key < Sketch::kKeys; ++key)
      buckets_[key / 2].for_each_in(sketches_[number].keys[key],
                                    [&](std::uint32_t other) { met_.push_back(other); });
    std::sort(met_.begin(), met_.end());
    ranked_.clear();
    for (std::size_t first = 0, end = 0; first < met_.size(); first = end) {
      while (end < met_.size() && met_[end] == met_[first]) ++end;
      ranked_.emplace_back(end - first, met_[first]);
    }
    std::sort(ranked_.begin(), ranked_.end(), [](const auto& one, const auto& other) {
      return one.first != other.first ? one.first > other.first : one.second < other.second;
    });
    if (ranked_.size() > kMostCompared) ranked_.resize(kMostCompared);
    return std::any_of(ranked_.begin(), ranked_.end(),
                       [&](const auto& other) { return are_near(number, other.second); });
  }

  bool are_near(std::uint32_t one, std::uint32_t other) {
    const Sketch& first = sketches_[one];
    const Sketch& second = sketches_[other];
    const auto [few, many] = std::minmax(first.shingle_count, second.shingle_count);
    if (std::uint64_t{5} * few < std::uint64_t{4} * many) return false;
    if (first.shingles != nullptr && second.shingles != nullptr)
      return are_near_duplicates(first.shingles, first.shingle_count, second.shingles,
                                 second.shingle_count);
    return are_near_duplicates(shingles_of(one, question_), shingles_of(other, representative_));
  }

  struct Loaded {
    std::uint32_t number = kAlone;
    Shingles shingles;
  };

  const Shingles& shingles_of(std::uint32_t number, Loaded& loaded) {
    if (loaded.number == number) return loaded.shingles;
    const Sketch& sketch = sketches_[number];
    loaded.shingles = sketch.shingles != nullptr
                          ? Shingles(sketch.shingles, sketch.shingles + sketch.shingle_count)
                          : load_(number);
    loaded.number = number;
    return loaded.shingles;
  }

  std::vector<Sketch>& sketches_;
  const LoadShingles& load_;
  std::array<Buckets, Sketch::kBands> buckets_;
  std::vector<std::uint32_t> met_;
  std::vector<std::pair<std::size_t, std::uint32_t>> ranked_;
  Loaded question_, representative_;
};

}  // namespace

Sketch sketch_of(const Shingles& shingles, std::pmr::memory_resource& memory) {
  std::pmr::polymorphic_allocator<> allocator(&memory);
  Sketch sketch;
  sketch.shingle_count = static_cast<std::uint32_t>(shingles.size());
  sketch.keys = allocator.allocate_object<std::uint32_t>(Sketch::kKeys);
  set_keys(shingles, sketch.keys);
  if (shingles.size() <= Sketch::kMostHeld) {
    auto* held = allocator.allocate_object<std::uint64_t>(shingles.size());
    std::copy(shingles.begin(), shingles.end(), held);
    sketch.shingles = held;
  }
  return sketch;
}

std::vector<std::size_t> without_near_duplicates(std::vector<Sketch>& sketches,
                                                 const LoadShingles& load) {
  return Filter(sketches, load).run();
}

}  // namespace jarvis
