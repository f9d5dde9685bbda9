/* Returns keep their frame: `return LIST` becomes a call of __return, wherever the list ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "front/untail.h"

static void becomes(const char *text, const char *expected)
{
    Arena *a = arena_new();
    size_t n;
    const char *got = untail(a, text, strlen(text), &n);
    assert_string_equal(got, expected);
    assert_int_equal(n, strlen(expected));
    arena_free(a);
}

static void stays(const char *text) { becomes(text, text); }

static void list_ends_with_the_file(void **state)
{
    (void)state;
    becomes("return f(x)", "return __return(f(x))");
    becomes("return a, f(x)\n", "return __return(a, f(x))\n");
    becomes("return model { step = 1 }", "return __return(model { step = 1 })");
}

static void list_ends_with_its_block(void **state)
{
    (void)state;
    becomes("function g() return f() end", "function g() return __return(f()) end");
    becomes("if a then return f() elseif b then return g() else return h() end",
            "if a then return __return(f()) elseif b then return __return(g()) else return "
            "__return(h()) end");
    becomes("repeat return f() until x", "repeat return __return(f()) until x");
    becomes("while a do return f() end", "while a do return __return(f()) end");
    becomes("do return f(); end", "do return __return(f()); end");
}

static void semicolon_in_a_table_does_not_end_it(void **state)
{
    (void)state;
    becomes("return { a; b; c }", "return __return({ a; b; c })");
}

static void function_in_the_list_has_returns_of_its_own(void **state)
{
    (void)state;
    becomes("return map(function(x) if x then return f(x) end end, t)",
            "return __return(map(function(x) if x then return __return(f(x)) end end, t))");
}

static void empty_return_is_left_alone(void **state)
{
    (void)state;
    stays("return");
    stays("return;");
    stays("do return end");
    stays("if a then return else b() end");
    stays("repeat return until x");
}

static void comments_and_lines_stay_in_place(void **state)
{
    (void)state;
    becomes("return f(x) -- what f says\n", "return __return(f(x)) -- what f says\n");
    becomes("return -- next\n  f(x)\n--[[ end ]]\n",
            "return -- next\n  __return(f(x))\n--[[ end ]]\n");
    becomes("return f(--[==[ ) ]] ]==] x)", "return __return(f(--[==[ ) ]] ]==] x))");
}

static void words_in_strings_mean_nothing(void **state)
{
    (void)state;
    becomes("return 'end' .. \"until \\\" else\"", "return __return('end' .. \"until \\\" else\")");
    becomes("return [[ end ]] .. [==[ ]] return ]==]",
            "return __return([[ end ]] .. [==[ ]] return ]==])");
    stays("local ends, returned, x_end = 1, 2, 3");
}

static void what_is_not_lua_comes_back(void **state)
{
    (void)state;
    stays("return f(x");
    stays("end");
    stays("function f() return g()");
    stays("return (f(x]");
    stays("");
    becomes("return 'open", "return __return('open)");
}

static void nesting_is_bounded(void **state)
{
    (void)state;
    char text[4096] = "return ";
    memset(text + 7, '(', 2000);
    stays(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_ends_with_the_file),
        cmocka_unit_test(list_ends_with_its_block),
        cmocka_unit_test(semicolon_in_a_table_does_not_end_it),
        cmocka_unit_test(function_in_the_list_has_returns_of_its_own),
        cmocka_unit_test(empty_return_is_left_alone),
        cmocka_unit_test(comments_and_lines_stay_in_place),
        cmocka_unit_test(words_in_strings_mean_nothing),
        cmocka_unit_test(what_is_not_lua_comes_back),
        cmocka_unit_test(nesting_is_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
