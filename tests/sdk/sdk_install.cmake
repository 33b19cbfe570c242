# Installs the build tree BUILD, lets the installed program write a project of every kind and language, builds and
# tests each outside the tree, and has the installed program load them. What a failure leaves behind stays there.
cmake_minimum_required(VERSION 3.25)

# A home may not lie inside a source tree. The same place each time, so that a compiler cache can help.
set(temporary /tmp)
if(DEFINED ENV{TMPDIR})
  set(temporary $ENV{TMPDIR})
endif()
string(SHA256 place ${BUILD})
string(SUBSTRING ${place} 0 12 place)
set(WORK ${temporary}/jarvis-sdk-${place})

set(prefix ${WORK}/prefix)
set(projects ${WORK}/projects)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${projects} ${WORK}/home)
set(ENV{OPENJARVIS_HOME} ${WORK}/home)
set(ENV{HOME} ${WORK})
unset(ENV{JARVIS_PLUGIN_PATH})

function(run)
  execute_process(COMMAND ${ARGV} OUTPUT_VARIABLE out ERROR_VARIABLE out RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "'${command}' failed with ${status}:\n${out}")
  endif()
  set(out "${out}" PARENT_SCOPE)
endfunction()

# --- what is installed
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})
foreach(file bin/jarvis bin/jarvis-learning lib/jarvis/plugins/set-agent-class/plugin.toml lib/libjarvis_sdk_text.a
        lib/cmake/JarvisSdk/JarvisSdkConfig.cmake lib/cmake/JarvisSdk/JarvisSdkConfigVersion.cmake
        lib/cmake/JarvisSdk/JarvisSdkTargets.cmake lib/cmake/JarvisSdk/JarvisPlugin.cmake
        lib/cmake/JarvisSdk/plugin.map lib/cmake/JarvisSdk/write_manifest.cmake
        lib/jarvis/jarvis-plugin-host include/jarvis/abi/plugin.h include/jarvis/sdk/plugin.hpp
        include/jarvis/c/plugin.h share/jarvis/schema/README.md share/jarvis/template/common/any/.gitignore
        share/doc/jarvis-learning/README.md)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "'${file}' is not installed")
  endif()
endforeach()
file(GLOB_RECURSE installed LIST_DIRECTORIES TRUE RELATIVE ${prefix} ${prefix}/*)
foreach(file IN LISTS installed)
  if(file MATCHES "_test(\\.|$)|/tests?(/|$)|doctest" AND NOT file MATCHES "^share/(jarvis/template|doc/jarvis-learning/examples)/")
    message(FATAL_ERROR "'${file}' belongs to a test and is installed")
  endif()
endforeach()
run(find ${prefix} -not -type l -perm /022)
if(out)
  message(FATAL_ERROR "others may write to installed files:\n${out}")
endif()
run(${prefix}/bin/jarvis plugins list)
if(out MATCHES "refused")
  message(FATAL_ERROR "the installed program refuses a plugin of its own:\n${out}")
endif()

# --- every project
set(kinds applier tool teacher student judge)
foreach(language c cpp)
  foreach(kind IN LISTS kinds)
    run(${prefix}/bin/jarvis plugins new ${kind} ${kind}-${language} --lang ${language} --dir ${projects})
  endforeach()
endforeach()
file(GLOB_RECURSE written ${projects}/*)
foreach(file IN LISTS written)
  file(READ ${file} text)
  if("${file}${text}" MATCHES "@[A-Z]+@")
    message(FATAL_ERROR "'${file}' has a placeholder that was not filled")
  endif()
endforeach()

# Configures, builds and tests a project; more arguments go to the first step.
function(build_and_test source)
  run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${source} -B ${source}/build -DCMAKE_PREFIX_PATH=${prefix} ${ARGN})
  run(${CMAKE_COMMAND} --build ${source}/build --parallel 2)
  run(${CMAKE_CTEST_COMMAND} --test-dir ${source}/build --output-on-failure --no-tests=error)
endfunction()

set(warnings "-Wall -Wextra -Wpedantic -Wshadow -Werror")
# A C++ compiler that is not there: a project in C must never ask for one.
set(in_c "-DCMAKE_C_COMPILER=${C_COMPILER}" "-DCMAKE_C_FLAGS=${C_FLAGS} ${warnings}"
         "-DCMAKE_CXX_COMPILER=/nonexistent/c++" "-DCMAKE_C_COMPILER_LAUNCHER=${LAUNCHER}")
set(in_cpp "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}" "-DCMAKE_CXX_FLAGS=${CXX_FLAGS} ${warnings}"
           "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}")

# The appliers stand alone, as their authors have them; the others share a configuration and Boost.JSON.
function(build_together language upper)
  set(text "cmake_minimum_required(VERSION 3.25)\nproject(together LANGUAGES ${upper})\nenable_testing()\n")
  foreach(kind tool teacher student judge)
    string(APPEND text "add_subdirectory(${projects}/${kind}-${language} ${kind})\n")
  endforeach()
  file(WRITE ${projects}/together-${language}/CMakeLists.txt "${text}")
  build_and_test(${projects}/together-${language} ${ARGN})
endfunction()

build_and_test(${projects}/applier-c ${in_c})
build_and_test(${projects}/applier-cpp ${in_cpp})
build_together(c C ${in_c})
build_together(cpp CXX ${in_cpp} -DCMAKE_BUILD_TYPE=Debug)

# --- judged and loaded by the installed program
file(WRITE ${WORK}/home/config.toml "[learning.distillation.plugins]\nallow = [\"*\"]\n")
set(ENV{JARVIS_PLUGIN_PATH} "${projects}/applier-c/build/plugins:${projects}/applier-cpp/build/plugins:${projects}/together-c/build/plugins:${projects}/together-cpp/build/plugins")
foreach(language c cpp)
  foreach(kind IN LISTS kinds)
    run(${prefix}/bin/jarvis plugins show ${kind}-${language} --json)
    string(JSON status GET "${out}" plugin status)
    if(NOT status STREQUAL "loaded")
      message(FATAL_ERROR "${kind}-${language} is not loaded:\n${out}")
    endif()
    string(JSON library GET "${out}" plugin path)
    run(${prefix}/bin/jarvis plugins check ${library})
  endforeach()
endforeach()
run(${prefix}/bin/jarvis plugins ops)
if(NOT out MATCHES "applier-cpp +review")
  message(FATAL_ERROR "the new op is not listed as 'review':\n${out}")
endif()
file(REMOVE_RECURSE ${WORK})
