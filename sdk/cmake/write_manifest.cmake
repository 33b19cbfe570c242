# Copies MANIFEST to OUTPUT with the SHA-256 of LIBRARY on top. The keys `library` and `sha256` are ours.
file(SHA256 ${LIBRARY} digest)
file(READ ${MANIFEST} text)
get_filename_component(name ${LIBRARY} NAME)
file(WRITE ${OUTPUT}.new "library = \"${name}\"\nsha256 = \"${digest}\"\n${text}")
file(RENAME ${OUTPUT}.new ${OUTPUT})
# Whatever the umask: the host refuses what others can write to.
get_filename_component(folder ${OUTPUT} DIRECTORY)
file(CHMOD ${OUTPUT} PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(CHMOD ${LIBRARY} ${folder} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
     WORLD_READ WORLD_EXECUTE)
