#pragma once

#include <filesystem>
#include <string>

namespace jarvis::bench {

/** A word in half of the traces, one in about every thousandth, and one in three of them. */
inline constexpr const char* kCommonWord = "report";
inline constexpr const char* kUncommonWord = "quokka";
inline constexpr const char* kRareWord = "zyzzyva";

/** The path of a traces.db with `count` made-up traces, all rated, as OpenJarvis lays it out: free
 * questions, questions of a template, near copies, exact copies and long ones. Made once in the
 * system's temporary folder and found there by later runs. Without the indexes of this program.
 * Ends the program with a message when it cannot be made. */
std::filesystem::path trace_database(long count);

/** The most memory that this process ever held, in megabytes. */
double peak_megabytes();

/** The number in the program's first argument, else a million. */
long wanted_traces(int count, char** arguments);

}  // namespace jarvis::bench
