# The SDK as others find it: find_package(JarvisSdk), in an installed prefix and, for trying things out, in the
# build tree itself. Its version is that of the ABI.
include(CMakePackageConfigHelpers)

file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/include/jarvis/abi/plugin.h lines REGEX "define JARVIS_ABI_(MAJOR|MINOR)")
string(REGEX REPLACE ".*MAJOR ([0-9]+)u.*MINOR ([0-9]+)u.*" "\\1.\\2" JARVIS_SDK_VERSION "${lines}")
set(JARVIS_SDK_BOOST_VERSION ${Boost_VERSION_MACRO})

set(package ${CMAKE_BINARY_DIR}/lib/cmake/JarvisSdk)
set(helpers JarvisPlugin.cmake plugin.map write_manifest.cmake boost_json.cpp)
configure_file(cmake/JarvisSdkConfig.cmake.in ${package}/JarvisSdkConfig.cmake @ONLY)
write_basic_package_version_file(${package}/JarvisSdkConfigVersion.cmake
  VERSION ${JARVIS_SDK_VERSION} COMPATIBILITY SameMajorVersion)
foreach(helper IN LISTS helpers)
  configure_file(cmake/${helper} ${package}/${helper} COPYONLY)
endforeach()

set_target_properties(jarvis_sdk_abi PROPERTIES EXPORT_NAME abi)
set_target_properties(jarvis_sdk_text PROPERTIES EXPORT_NAME text)
install(TARGETS jarvis_sdk_abi jarvis_sdk_text EXPORT JarvisSdkTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(EXPORT JarvisSdkTargets NAMESPACE jarvis::
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/JarvisSdk COMPONENT sdk)
export(EXPORT JarvisSdkTargets NAMESPACE jarvis:: FILE ${package}/JarvisSdkTargets.cmake)

install(DIRECTORY include/jarvis DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT sdk)
install(DIRECTORY schema template DESTINATION share/jarvis COMPONENT sdk)
install(FILES ${package}/JarvisSdkConfig.cmake ${package}/JarvisSdkConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/JarvisSdk COMPONENT sdk)
list(TRANSFORM helpers PREPEND cmake/)
install(FILES ${helpers} DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/JarvisSdk COMPONENT sdk)

# The program of the build tree finds its templates where an installed one does.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/jarvis)
foreach(folder schema template)
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR}/${folder} ${CMAKE_BINARY_DIR}/share/jarvis/${folder} SYMBOLIC)
endforeach()
