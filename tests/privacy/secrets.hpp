#pragma once

#include <string>
#include <vector>

namespace jarvis::testing {

/** A made-up secret and a text that holds it. */
struct PlantedSecret {
  std::string kind;
  std::string form;
  /** What must not be left of it; more than one where it goes over several lines. */
  std::vector<std::string> pieces;
  std::string text;
};

/** Made-up secrets of every kind in every form of text, always the same: provider keys, tokens,
 * private keys, passwords, addresses and numbers; in prose, JSON, JSON inside of JSON, Markdown,
 * code, configuration and over lines. They are put together here, so that no file holds one. */
std::vector<PlantedSecret> planted_secrets();

/** A text that holds nothing secret. */
struct InnocentText {
  std::string kind;
  std::string text;
};

/** Hashes, UUIDs, Base64, prose, code, versions, dates, prices, numbers of books and machines. */
std::vector<InnocentText> innocent_texts();

}  // namespace jarvis::testing
