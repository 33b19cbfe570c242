# Puts a built library and its manifest into OUTPUT as an installed plugin has them, then breaks them:
# break_library.cmake of the plugin's folder changes the library before its digest is taken, break.cmake
# changes anything afterwards.
get_filename_component(fault ${FOLDER} NAME)
file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT})
file(COPY_FILE ${BUILT} ${OUTPUT}/${fault}.so)
include(${FOLDER}/break_library.cmake OPTIONAL)
set(LIBRARY ${OUTPUT}/${fault}.so)
set(MANIFEST ${FOLDER}/plugin.toml)
set(folder_of_plugin ${OUTPUT})
set(OUTPUT ${OUTPUT}/plugin.toml)
include(${WRITE_MANIFEST})
set(OUTPUT ${folder_of_plugin})
include(${FOLDER}/break.cmake OPTIONAL)
file(TOUCH ${STAMP})
