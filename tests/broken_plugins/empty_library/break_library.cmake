file(WRITE ${OUTPUT}/empty_library.so "")
