# Writes OUTPUT: a C++ source that holds each of FILES (relative to FOLDER) as a string.
set(text "#include \"config/embedded.hpp\"\n\nnamespace jarvis {\n\nstd::string_view embedded_file(std::string_view name) {\n")
foreach(file IN LISTS FILES)
  file(READ ${FOLDER}/${file} content)
  string(APPEND text "  if (name == \"${file}\") return R\"__embedded__(${content})__embedded__\";\n")
endforeach()
string(APPEND text "  return {};\n}\n\n}  // namespace jarvis\n")
file(WRITE ${OUTPUT} "${text}")
