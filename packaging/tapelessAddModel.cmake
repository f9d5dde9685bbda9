# tapeless_add_model(TARGET SPEC FILE [OPTIONS NAME=VALUE...] [PRECISION f32|f64] [MACHINE NAME] [NATIVE]
#                    [ARGUMENTS WORD...])
#
# A static library of the C that the spec becomes when the project is built, and again whenever the spec, a file that it
# requires, an option or the compiler changes. Who links it includes "NAME.h" and gets tapeless::runtime. OPTIONS are
# those that the spec declares (-D), ARGUMENTS what else `tapeless compile` takes; NATIVE compiles for the processor at
# hand alone (-march=native). The libraries of two models may be linked into one program.
function(_tapeless_words out)
    set(words ${arg_ARGUMENTS})
    foreach(option IN LISTS arg_OPTIONS)
        list(APPEND words -D "${option}")
    endforeach()
    if(DEFINED arg_PRECISION)
        list(APPEND words --precision "${arg_PRECISION}")
    endif()
    if(DEFINED arg_MACHINE)
        list(APPEND words --machine "${arg_MACHINE}")
    endif()
    set(${out} "${words}" PARENT_SCOPE)
endfunction()

function(tapeless_add_model target)
    cmake_parse_arguments(PARSE_ARGV 1 arg "NATIVE" "SPEC;PRECISION;MACHINE" "OPTIONS;ARGUMENTS")
    if(NOT arg_SPEC OR arg_UNPARSED_ARGUMENTS OR arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "tapeless_add_model(${ARGV}): write tapeless_add_model(TARGET SPEC FILE.lua [OPTIONS NAME=VALUE...] "
            "[PRECISION f32|f64] [MACHINE NAME] [NATIVE] [ARGUMENTS WORD...])")
    endif()
    get_property(languages GLOBAL PROPERTY ENABLED_LANGUAGES)
    if(NOT C IN_LIST languages)
        message(FATAL_ERROR "tapeless_add_model(${target}): a model is C; write project(NAME LANGUAGES C ${languages})")
    endif()
    get_filename_component(spec "${arg_SPEC}" ABSOLUTE)
    if(NOT EXISTS "${spec}")
        message(FATAL_ERROR "tapeless_add_model(${target}): there is no spec ${spec}")
    endif()
    set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}.tapeless")
    _tapeless_words(words)
    get_target_property(compiler tapeless::compiler LOCATION)
    execute_process(COMMAND "${compiler}" compile "${spec}" -o "${directory}" --list ${words}
        OUTPUT_VARIABLE outputs ERROR_VARIABLE why RESULT_VARIABLE status OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "tapeless_add_model(${target}): ${why}")
    endif()
    string(REPLACE "\n" ";" outputs "${outputs}")
    set(sources ${outputs})
    list(FILTER sources INCLUDE REGEX "\\.[ch]$")
    list(FILTER sources EXCLUDE REGEX "_main\\.c$")

    # make, unlike ninja, does not see that a command has become another one.
    set(stamp "${directory}/words")
    file(CONFIGURE OUTPUT "${stamp}" CONTENT "${words}\n" @ONLY)
    add_custom_command(OUTPUT ${outputs}
        COMMAND "${compiler}" compile "${spec}" -o "${directory}" --depfile "${directory}/depfile" ${words}
        DEPENDS "${spec}" "${stamp}" "${compiler}" DEPFILE "${directory}/depfile"
        COMMENT "Compiling the model ${arg_SPEC}" VERBATIM)

    add_library(${target} STATIC ${sources})
    set_target_properties(${target} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${target} PUBLIC "${directory}")
    target_link_libraries(${target} PUBLIC tapeless::runtime PRIVATE tapeless::model)
    if(arg_NATIVE)
        target_compile_options(${target} PRIVATE -march=native)
    endif()
endfunction()
