return require "lib.first"
