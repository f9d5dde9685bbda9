# Writes text files into a C file as a table of { name, text, length }, ended by a name of NULL, that a header declares.
#   cmake -DOUT=prelude.c -DHEADER=front/prelude.h -DTYPE=PreludeFile -DTABLE=prelude_files "-DFILES=a.lua;b.lua" -P embed.cmake
# Bytes rather than string literals: C99 promises only 4095 characters to a literal. Those above 0x7f are characters, which
# fit a char whether it has a sign or not.
if(NOT OUT OR NOT HEADER OR NOT TYPE OR NOT TABLE OR NOT FILES)
    message(FATAL_ERROR "usage: cmake -DOUT=FILE.c -DHEADER=H -DTYPE=T -DTABLE=NAME \"-DFILES=a;b\" -P embed.cmake")
endif()
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
    string(REGEX REPLACE "0x([89a-f][0-9a-f])," "'\\\\x\\1'," bytes "${bytes}")
    string(APPEND arrays "static const char file_${index}[] = {\n    ${bytes}0\n};\n\n")
    string(APPEND rows "    { \"${name}\", file_${index}, ${length} },\n")
    math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUT}"
    "/* Written by scripts/embed.cmake; do not edit. */\n#include \"${HEADER}\"\n\n#include <stddef.h>\n\n${arrays}"
    "const ${TYPE} ${TABLE}[] = {\n${rows}    { NULL, NULL, 0 }\n};\n")
