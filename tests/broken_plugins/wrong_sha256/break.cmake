file(APPEND ${OUTPUT}/wrong_sha256.so "one more line\n")
