# Copies MANIFEST to OUTPUT with the SHA-256 of LIBRARY on top. The keys `library` and `sha256` are ours.
file(SHA256 ${LIBRARY} digest)
file(READ ${MANIFEST} text)
get_filename_component(name ${LIBRARY} NAME)
file(WRITE ${OUTPUT}.new "library = \"${name}\"\nsha256 = \"${digest}\"\n${text}")
file(RENAME ${OUTPUT}.new ${OUTPUT})
