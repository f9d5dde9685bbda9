-- expect: tests/bad/lib/second.lua:1: require "lib.first" leads back to itself: tests/bad/lib/first.lua is still being loaded
return require "lib.first"
