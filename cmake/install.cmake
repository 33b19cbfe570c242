# What is installed beside the program, its plugins and the SDK. Man pages and completions are what the program just
# built says of itself.
set(written ${CMAKE_BINARY_DIR}/share)
set(pages ${written}/man/man1)
set(bash ${written}/bash-completion/completions)
set(zsh ${written}/zsh/vendor-completions)
set(fish ${written}/fish/vendor_completions.d)
set(stamp ${CMAKE_BINARY_DIR}/pages_and_completions.txt)
add_custom_command(OUTPUT ${stamp}
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${pages}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${bash} ${zsh} ${fish}
  COMMAND jarvis completion bash > ${bash}/jarvis
  COMMAND jarvis completion zsh > ${zsh}/_jarvis
  COMMAND jarvis completion fish > ${fish}/jarvis.fish
  # Both shells look for a file named as the command.
  COMMAND ${CMAKE_COMMAND} -E create_symlink jarvis ${bash}/jarvis-learning
  COMMAND ${CMAKE_COMMAND} -E create_symlink jarvis.fish ${fish}/jarvis-learning.fish
  COMMAND jarvis manual --dir ${pages} > ${stamp}
  DEPENDS jarvis COMMENT "Man pages and completions" VERBATIM)
add_custom_target(pages_and_completions ALL DEPENDS ${stamp})
add_dependencies(product pages_and_completions)

install(DIRECTORY ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT program)
foreach(folder bash-completion zsh fish)
  install(DIRECTORY ${written}/${folder} DESTINATION ${CMAKE_INSTALL_DATADIR} COMPONENT program)
endforeach()
# Where systemd looks under /usr and /usr/local, whatever the library folder is.
install(DIRECTORY config/systemd/ DESTINATION lib/systemd/user COMPONENT program)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program PATTERN .gitignore EXCLUDE)
