file(WRITE ${OUTPUT}/not_a_shared_object.so "#!/bin/sh\necho not a library\n")
