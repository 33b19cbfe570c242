execute_process(COMMAND truncate -s 4096 ${OUTPUT}/truncated_library.so COMMAND_ERROR_IS_FATAL ANY)
