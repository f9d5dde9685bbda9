# Writes text files into a C file as the table that compiler/front/prelude.h declares.
#   cmake -DOUT=prelude.c "-DFILES=a.lua;b.lua" -P scripts/embed.cmake
# Bytes rather than string literals: C99 promises only 4095 characters to a literal.
if(NOT OUT OR NOT FILES)
    message(FATAL_ERROR "usage: cmake -DOUT=FILE.c \"-DFILES=a.lua;b.lua\" -P embed.cmake")
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
    string(APPEND arrays "static const char file_${index}[] = {\n    ${bytes}0\n};\n\n")
    string(APPEND rows "    { \"${name}\", file_${index}, ${length} },\n")
    math(EXPR index "${index} + 1")
endforeach()
# Bytes above 0x7f would not fit a signed char.
if(arrays MATCHES "0x[89a-f][0-9a-f],")
    message(FATAL_ERROR "the embedded files must be ASCII")
endif()
file(WRITE "${OUT}"
    "/* Written by scripts/embed.cmake; do not edit. */\n#include \"front/prelude.h\"\n\n${arrays}"
    "const PreludeFile prelude_files[] = {\n${rows}};\nconst size_t prelude_count = ${index};\n")
