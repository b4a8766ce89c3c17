# kutsu_embed(TARGET name FILES a b …): compiles files into the target and lists them in
# embedded_<name>() declared in base/embedded.h, under the path relative to BASE.
set(KUTSU_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)
function(kutsu_embed target name)
  cmake_parse_arguments(EMBED "" "BASE" "FILES" ${ARGN})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/embedded_${name}.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAME=${name} -DBASE=${EMBED_BASE} "-DFILES=${EMBED_FILES}"
      -P ${KUTSU_EMBED_SCRIPT}
    DEPENDS ${EMBED_FILES} ${KUTSU_EMBED_SCRIPT}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
  set_source_files_properties(${output} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()
