-- expect-match: more than 256 MiB of memory
return string.rep('x', 2^31 - 100)
