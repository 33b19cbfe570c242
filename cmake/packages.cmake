# The Debian packages `jarvis-learning` and `jarvis-learning-dev`: `./dev package`, or cpack -G DEB in a build of the
# release preset.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ${PROJECT_NAME})
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_VENDOR "the jarvis-learning authors")
set(CPACK_PACKAGE_CONTACT "The jarvis-learning authors <authors@jarvis-learning.invalid>"
    CACHE STRING "Maintainer of the packages: a name and an address")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_COMPONENTS_ALL program sdk)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian/as_debian_wants.cmake)
set(CPACK_JARVIS_DEBIAN_FILES ${CMAKE_SOURCE_DIR}/packaging/debian)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME jarvis-learning)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# Providers of models are asked over TLS; a student that is a program runs in a sandbox.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_RECOMMENDS "ca-certificates, bubblewrap")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "git, jarvis-learning-dev")
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "lets a local agent learn from its own traces
A frontier model reads where your agent failed and proposes small typed edits
to the files that steer it. Each is tried on a scratch copy and kept only if
your own benchmark says so; every kept edit is a git commit that can be rolled
back, risky ones wait for your review, and spending is capped.
.
It works on a home that OpenJarvis made, and beside an installed OpenJarvis:
the program is there as jarvis and as jarvis-learning.")

# jarvis::text takes values of Boost.JSON, whose layout is that of the version it was compiled with.
set(boost_headers libboost${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_NAME jarvis-learning-dev)
set(CPACK_DEBIAN_SDK_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_SDK_PACKAGE_DEPENDS "jarvis-learning (= ${PROJECT_VERSION}), ${boost_headers}")
set(CPACK_DEBIAN_SDK_PACKAGE_RECOMMENDS "cmake (>= 3.25), g++ | c++-compiler")
set(CPACK_COMPONENT_SDK_DESCRIPTION "what plugins for jarvis-learning are built with
Headers of the C ABI and of the C++ layer over it, helpers for editing prompts
and TOML, helpers for tests, the CMake package JarvisSdk, the templates behind
'jarvis plugins new' and the schemas of all that crosses the border.")

include(CPack)
