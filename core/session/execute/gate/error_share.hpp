#pragma once

#include <string>
#include <vector>

namespace jarvis {

/** An edit that was tried in this session, in the order of the trials. */
struct TriedEdit {
  std::string edit;  ///< what makes it the same edit: its content, and the state it was tried on
  double share = 0;  ///< what it was given
  bool accepted = false;
};

/** The error that the next edit may spend. What is left of `alpha` is split evenly over the
 *  `edits_left` that will be tried, this one included; an accepted edit's share returns to the rest
 *  (a useful edit accepted is no error, and with a useless one the error has happened already). An
 *  edit that was tried before gets its own share again and no other: its looks go on where they
 *  stood, on the same runs. Over the whole session the chance of any useless edit accepted is at
 * most `alpha`. */
double error_share(double alpha, const std::vector<TriedEdit>& tried, const std::string& edit,
                   int edits_left);

}  // namespace jarvis
