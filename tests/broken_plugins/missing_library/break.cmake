file(REMOVE ${OUTPUT}/missing_library.so)
