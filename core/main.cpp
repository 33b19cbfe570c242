#include "core/app/program.hpp"

int main(int count, char** words) {
  return jarvis::run_program(count, words);
}
