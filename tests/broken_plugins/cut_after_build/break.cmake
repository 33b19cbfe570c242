execute_process(COMMAND truncate -s 4096 ${OUTPUT}/cut_after_build.so COMMAND_ERROR_IS_FATAL ANY)
