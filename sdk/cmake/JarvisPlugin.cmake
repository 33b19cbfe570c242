# jarvis_add_plugin(ID [SOURCES …] [LIBRARIES …])
#
# Builds the folder's sources (all .cpp and .c files but tests, unless SOURCES names them) into
# <JARVIS_PLUGIN_OUTPUT>/<ID>/<ID>.so, which exports the one entry symbol, and writes plugin.toml with the
# library's SHA-256 beside it. Sources in C alone need no C++ compiler. JARVIS_PLUGIN_OUTPUT is
# <build>/plugins unless it is set before.
#
# Files named *_test.cpp and *_test.c become the test `plugin_<ID>`. It finds the built plugin's folder in the
# macro PLUGIN_DIR and the library in PLUGIN_FILE. Call enable_testing() before, in the topmost CMakeLists.txt.
set(JARVIS_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})
if(NOT DEFINED JARVIS_PLUGIN_OUTPUT)
  set(JARVIS_PLUGIN_OUTPUT ${CMAKE_BINARY_DIR}/plugins)
endif()

# What sources are built with: `jarvis::sdk` for C++, the bare headers for C.
function(_jarvis_sdk_for variable)
  set(cpp ${ARGN})
  list(FILTER cpp EXCLUDE REGEX "\\.c$")
  if(NOT cpp)
    set(${variable} jarvis::abi PARENT_SCOPE)
  elseif(TARGET jarvis::sdk)
    set(${variable} jarvis::sdk PARENT_SCOPE)
  else()
    message(FATAL_ERROR "a plugin in C++ needs project(… LANGUAGES CXX) before find_package(JarvisSdk): ${cpp}")
  endif()
endfunction()

function(_jarvis_add_plugin_test id directory tests)
  set(name plugin_${id})
  if(COMMAND jarvis_add_test)
    jarvis_add_test(${name} SOURCES ${tests} LIBRARIES jarvis_sdk ${ARGN} ${CMAKE_DL_LIBS})
  else()
    _jarvis_sdk_for(sdk ${tests})
    add_executable(${name} ${tests})
    target_link_libraries(${name} PRIVATE ${ARGN} ${sdk} ${CMAKE_DL_LIBS})
    add_test(NAME ${name} COMMAND ${name})
  endif()
  if(TARGET ${name})
    target_compile_definitions(${name} PRIVATE PLUGIN_DIR="${directory}" PLUGIN_FILE="${directory}/${id}.so")
    add_dependencies(${name} manifest-${id})
  endif()
endfunction()

function(jarvis_add_plugin id)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp *_test.c)
  if(NOT ARG_SOURCES)
    file(GLOB ARG_SOURCES CONFIGURE_DEPENDS *.cpp *.c)
    list(FILTER ARG_SOURCES EXCLUDE REGEX "_test\\.(cpp|c)$")
  endif()
  foreach(library IN LISTS ARG_LIBRARIES)
    if(TARGET ${library})
      get_target_property(mismatch ${library} JARVIS_BOOST_MISMATCH)
      if(mismatch)
        message(FATAL_ERROR "${mismatch}")
      endif()
    endif()
  endforeach()
  set(directory ${JARVIS_PLUGIN_OUTPUT}/${id})
  _jarvis_sdk_for(sdk ${ARG_SOURCES})
  add_library(plugin-${id} MODULE ${ARG_SOURCES})
  target_link_libraries(plugin-${id} PRIVATE ${ARG_LIBRARIES} ${sdk})
  target_link_options(plugin-${id} PRIVATE -Wl,--version-script=${JARVIS_PLUGIN_CMAKE_DIR}/plugin.map)
  set_target_properties(plugin-${id} PROPERTIES
    PREFIX "" OUTPUT_NAME ${id} SUFFIX ".so" POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${directory}
    LINK_DEPENDS ${JARVIS_PLUGIN_CMAKE_DIR}/plugin.map)
  set(manifest ${CMAKE_CURRENT_SOURCE_DIR}/plugin.toml)
  add_custom_command(OUTPUT ${directory}/plugin.toml
    COMMAND ${CMAKE_COMMAND} -DMANIFEST=${manifest} -DLIBRARY=$<TARGET_FILE:plugin-${id}>
            -DOUTPUT=${directory}/plugin.toml -P ${JARVIS_PLUGIN_CMAKE_DIR}/write_manifest.cmake
    DEPENDS plugin-${id} ${manifest} ${JARVIS_PLUGIN_CMAKE_DIR}/write_manifest.cmake
    COMMENT "Manifest of ${id}" VERBATIM)
  add_custom_target(manifest-${id} ALL DEPENDS ${directory}/plugin.toml)
  if(TARGET product)
    add_dependencies(product manifest-${id})
  endif()
  # As files: installing a target may rewrite it, and then the digest would be wrong.
  if(JARVIS_PLUGIN_INSTALL)
    install(FILES ${directory}/${id}.so ${directory}/plugin.toml
            DESTINATION ${JARVIS_PLUGIN_INSTALL}/${id} COMPONENT program)
  endif()
  if(tests AND (JARVIS_BUILD_TESTS OR NOT DEFINED JARVIS_BUILD_TESTS))
    _jarvis_add_plugin_test(${id} ${directory} "${tests}" ${ARG_LIBRARIES})
  endif()
endfunction()
