# e_machine, at byte 18 of an ELF file, becomes EM_S390.
execute_process(COMMAND printf "\\026\\000"
  COMMAND dd of=${OUTPUT}/wrong_architecture.so bs=1 seek=18 conv=notrunc status=none
  COMMAND_ERROR_IS_FATAL ANY)
