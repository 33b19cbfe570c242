#include "core/ports/evaluation_ledger.hpp"

#include <initializer_list>
#include <string_view>

#include "core/base/digest.hpp"

namespace jarvis {

namespace {

/** With the lengths in front, no two different lists give the same text. */
std::string digest_of_all(std::initializer_list<std::string_view> fields) {
  std::string all;
  for (const std::string_view field : fields) {
    all += std::to_string(field.size());
    all += ':';
    all += field;
  }
  return sha256(all);
}

}  // namespace

RunKey run_key(const std::string& fingerprint, const Task& task, const std::string& student,
               int attempt) {
  return {fingerprint, task.id, digest_of_all({task.query, task.query_class, task.agent}), student,
          attempt};
}

std::string digest_of(const RunKey& key) {
  return digest_of_all({"run/1", key.fingerprint, key.task_id, key.question, key.student,
                        std::to_string(key.attempt)});
}

std::string digest_of(const JudgeKey& key) {
  if (key.repetition != 0)
    return digest_of_all({"judgement/1", key.query, key.gold, key.output, key.judge,
                          std::to_string(key.repetition)});
  return digest_of_all({"judgement/1", key.query, key.gold, key.output, key.judge});
}

}  // namespace jarvis
