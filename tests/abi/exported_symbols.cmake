# Fails unless every plugin below FOLDERS defines exactly one dynamic symbol, the entry.
foreach(folder IN LISTS FOLDERS)
  file(GLOB libraries ${folder}/*/*.so)
  if(NOT libraries)
    message(SEND_ERROR "no plugins in ${folder}: build all targets first")
  endif()
  foreach(library IN LISTS libraries)
    execute_process(COMMAND ${NM} -D --defined-only --format=posix ${library}
                    OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
    if(NOT symbols MATCHES "^jarvis_plugin_entry [A-Z] [0-9a-f ]+\n$")
      message(SEND_ERROR "${library} does not export jarvis_plugin_entry alone:\n${symbols}")
    endif()
  endforeach()
endforeach()
