file(READ ${OUTPUT}/plugin.toml text)
string(REPLACE "library = \"" "library = \"../plain/" text "${text}")
file(WRITE ${OUTPUT}/plugin.toml "${text}")
