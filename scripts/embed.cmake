# Writes text files into a C file as the table that a header of the compiler's declares, NAME_files and NAME_count.
#   cmake -DOUT=prelude.c -DHEADER=front/prelude.h "-DFILES=a.lua;b.lua" -P scripts/embed.cmake
# Bytes rather than string literals: C99 promises only 4095 characters to a literal. They are unsigned, as those of
# UTF-8 are.
if(NOT OUT OR NOT HEADER OR NOT FILES)
    message(FATAL_ERROR "usage: cmake -DOUT=FILE.c -DHEADER=DIR/NAME.h \"-DFILES=a.lua;b.lua\" -P embed.cmake")
endif()
get_filename_component(table "${HEADER}" NAME_WE)
set(arrays "")
set(rows "")
set(index 0)
foreach(file IN LISTS FILES)
    get_filename_component(name "${file}" NAME)
    file(READ "${file}" hex HEX)
    string(LENGTH "${hex}" digits)
    if(digits EQUAL 0)
        message(FATAL_ERROR "${file} is empty")
    endif()
    math(EXPR length "${digits} / 2")
    string(REGEX REPLACE "(................................)" "\\1\n    " hex "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(APPEND arrays "static const unsigned char file_${index}[] = {\n    ${bytes}0\n};\n\n")
    string(APPEND rows "    { \"${name}\", (const char *)file_${index}, ${length} },\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUT}"
    "/* Written by scripts/embed.cmake; do not edit. */\n#include \"${HEADER}\"\n\n${arrays}"
    "const EmbeddedFile ${table}_files[] = {\n${rows}};\nconst size_t ${table}_count = ${index};\n")
