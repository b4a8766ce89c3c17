# Writes FILES as byte arrays into OUTPUT. Runs at build time, so a changed file recompiles one small source.
set(code "#include \"base/embedded.h\"\n\nnamespace kutsu\n{\nnamespace\n{\n")
set(rows "")
set(number 0)
foreach(file IN LISTS FILES)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  file(RELATIVE_PATH path ${BASE} ${file})
  string(APPEND code "constexpr unsigned char bytes_${number}[] = {${bytes}0};\n")
  string(APPEND rows
    "    {\"${path}\", {reinterpret_cast<char const*>(bytes_${number}), sizeof(bytes_${number}) - 1}},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND code "}\n\nstd::vector<EmbeddedFile> const& embedded_${NAME}()\n{\n"
  "    static std::vector<EmbeddedFile> const files = {\n${rows}    };\n    return files;\n}\n}\n")
file(WRITE ${OUTPUT} "${code}")
