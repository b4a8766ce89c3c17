# The browser's files: TypeScript and CSS in client-web/, bundled by its own build into client-web's dist folder in the
# build tree and compiled into the program.
set(client_dir ${PROJECT_SOURCE_DIR}/client-web)
set(client_dist ${PROJECT_BINARY_DIR}/client-dist)
file(GLOB client_sources CONFIGURE_DEPENDS ${client_dir}/public/*.ts ${client_dir}/public/*.css ${client_dir}/*.mjs
  ${client_dir}/package-lock.json)
set(client_files ${client_dist}/kutsu.css ${client_dist}/register.js ${client_dist}/live.js ${client_dist}/people.js)
add_custom_command(
  OUTPUT ${client_files}
  COMMAND npm --prefix ${client_dir} ci --no-audit --no-fund --loglevel=error
  COMMAND node ${client_dir}/build.mjs ${client_dist}
  DEPENDS ${client_sources} ${message_files}
  WORKING_DIRECTORY ${client_dir}
  VERBATIM)
kutsu_embed(kutsu_server client BASE ${client_dist} FILES ${client_files})
