-- expect-match: tests/hostile/newlines_in_message.lua:2: one two
error('one\ntwo')
