# Runs in cpack between the installation of the components into their folders and the packing. Debian's policy wants
# a licence and a changelog under other names, and man pages compressed.
set(program ${CPACK_TEMPORARY_DIRECTORY}/program/usr/share)
set(sdk ${CPACK_TEMPORARY_DIRECTORY}/sdk/usr/share)
set(documents ${program}/doc/jarvis-learning)

function(compress)
  execute_process(COMMAND gzip -9n ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(STRINGS ${CPACK_JARVIS_DEBIAN_FILES}/changelog newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^jarvis-learning \\(${CPACK_PACKAGE_VERSION}\\) ")
  message(FATAL_ERROR "'packaging/debian/changelog' begins with '${newest}', but the version is "
          "'${CPACK_PACKAGE_VERSION}': add an entry for it")
endif()
configure_file(${CPACK_JARVIS_DEBIAN_FILES}/changelog ${documents}/changelog COPYONLY
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
compress(${documents}/changelog)

file(RENAME ${documents}/LICENSE ${documents}/copyright)
file(GLOB pages ${program}/man/man1/*.1)
compress(${pages})

# The SDK needs the program in the same version, so they share their documents.
set(overrides ${sdk}/lintian/overrides)
file(MAKE_DIRECTORY ${sdk}/doc ${overrides})
file(CREATE_LINK jarvis-learning ${sdk}/doc/jarvis-learning-dev SYMBOLIC)

file(COPY ${CPACK_JARVIS_DEBIAN_FILES}/jarvis-learning-dev.lintian-overrides DESTINATION ${overrides}
  FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(RENAME ${overrides}/jarvis-learning-dev.lintian-overrides ${overrides}/jarvis-learning-dev)
# Whatever the umask.
execute_process(COMMAND find ${CPACK_TEMPORARY_DIRECTORY} -type d -exec chmod 0755 {} +
  COMMAND_ERROR_IS_FATAL ANY)
