# jarvis_add_plugin(ID [SOURCES …] [LIBRARIES …])
#
# Builds the folder's sources into <ID>.so, which exports the one entry symbol, and writes plugin.toml with
# the library's SHA-256 beside it. Files named *_test.cpp become the test `plugin_<ID>`, which finds the
# built plugin's folder in PLUGIN_DIR.
set(JARVIS_PLUGIN_CMAKE_DIR ${CMAKE_CURRENT_LIST_DIR})
set(JARVIS_PLUGIN_OUTPUT ${CMAKE_BINARY_DIR}/lib/jarvis/plugins)

function(jarvis_add_plugin id)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES" ${ARGN})
  if(NOT ARG_SOURCES)
    file(GLOB ARG_SOURCES CONFIGURE_DEPENDS *.cpp *.c)
    list(FILTER ARG_SOURCES EXCLUDE REGEX "_test\\.cpp$")
  endif()
  set(directory ${JARVIS_PLUGIN_OUTPUT}/${id})
  add_library(plugin-${id} MODULE ${ARG_SOURCES})
  target_link_libraries(plugin-${id} PRIVATE jarvis_sdk ${ARG_LIBRARIES})
  target_link_options(plugin-${id} PRIVATE -Wl,--version-script=${JARVIS_PLUGIN_CMAKE_DIR}/plugin.map)
  set_target_properties(plugin-${id} PROPERTIES
    PREFIX "" OUTPUT_NAME ${id} SUFFIX ".so" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
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

  file(GLOB tests CONFIGURE_DEPENDS *_test.cpp)
  if(tests AND JARVIS_BUILD_TESTS)
    jarvis_add_test(plugin_${id} SOURCES ${tests} LIBRARIES jarvis_sdk ${ARG_LIBRARIES} ${CMAKE_DL_LIBS})
    target_compile_definitions(plugin_${id} PRIVATE PLUGIN_DIR="${directory}")
    add_dependencies(plugin_${id} manifest-${id})
  endif()
endfunction()
