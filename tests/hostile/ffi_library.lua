-- expect-match: cannot read tests/hostile/ffi.lua
local ffi = require 'ffi'
ffi.cdef 'int system(const char *);'
