-- expect-match: tests/hostile/long_message.lua:2: xxx
error(string.rep('x', 1e6))
