-- expect: tests/bad/syntax.lua:4: '}' expected (to close '{' at line 2) near 'params'
return model {
  input = real(4)
  params = {},
}
