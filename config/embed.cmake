# Writes OUTPUT: a C++ source that holds each of FILES (relative to FOLDER) as a string, given out by
# FUNCTION (in NAMESPACE), which HEADER declares.
set(text "#include \"${HEADER}\"\n\nnamespace ${NAMESPACE} {\n\nstd::string_view ${FUNCTION}(std::string_view name) {\n")
foreach(file IN LISTS FILES)
  file(READ ${FOLDER}/${file} content)
  string(APPEND text "  if (name == \"${file}\") return R\"__embedded__(${content})__embedded__\";\n")
endforeach()
string(APPEND text "  return {};\n}\n\n}  // namespace ${NAMESPACE}\n")
file(WRITE ${OUTPUT} "${text}")
