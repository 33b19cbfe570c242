#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/json.hpp"

namespace jarvis {

/** Keeps secrets and personal data on this machine: replaces them by placeholders ("[EMAIL_1]")
 * before a text leaves. The same secret has the same placeholder for the life of the object, which
 * is one session. Safe to call from many threads. */
class Privacy {
 public:
  virtual ~Privacy() = default;
  /** The text without secrets. What is redacted already stays as it is. */
  virtual std::string redact(std::string_view text) = 0;
  /** The same for every text of a document; the value of a key that names a secret goes as a
   * whole. */
  virtual json::value redact_document(const json::value& document) = 0;
  /** The text with the secrets that the placeholders of this session stand for. */
  virtual std::string restore(std::string_view text) const = 0;
  /** The texts in the form of placeholders, each once. One that this session never gave out (an
   * earlier one may have) stands for itself. */
  virtual std::vector<std::string> placeholders_in(std::string_view text) const = 0;
  /** How many different secrets each rule has found. */
  virtual std::map<std::string, std::size_t> counts() const = 0;
};

/** Changes nothing: for a user who has switched redaction off, and for what never leaves. */
Privacy& no_privacy();

/** A copy of the document with every text in it replaced by what `change` makes of it. Keys stay.
 */
json::value with_texts(const json::value& document,
                       const std::function<std::string(std::string_view)>& change);

}  // namespace jarvis
