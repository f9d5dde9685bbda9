-- expect: tests/bad/syntax_end.lua:4: ')' expected (to close '(' at line 3) near 'end'
local function f(x)
  return tanh(x
end
