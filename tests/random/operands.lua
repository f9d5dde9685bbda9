-- operands.lua: what the operations' files share: kinds of operands, and values that keep away from trouble.
local shapes = require "shapes"
local size, text_of, number = shapes.size, shapes.text, shapes.number
local operands = {}

-- Stand among what a text reads: a parameter that is written inside it; something of each lane that
-- nothing moves.
operands.PARAMETER, operands.LANE = { fixed = true }, { plain = true }

function operands.at_least(rank) return function(v) return #v.shape >= rank end end
function operands.row_or_matrix(v) return #v.shape == 1 or #v.shape == 2 end

-- Whole numbers in some order, as a value of that shape: no two are nearer than 1.
function operands.permutation(c, shape)
  local t = {}
  for i = 1, size(shape) do
    local at = c.draw:upto(i)
    t[i] = t[at]
    t[at] = number(i)
  end
  local text = ("stack { %s }"):format(table.concat(t, ", "))
  return #shape == 1 and text or ("reshape(%s, %s)"):format(text, text_of(shape))
end

-- Something is always added that differs along the row: the variance must not be near 0.
function operands.spread(c, v)
  local row = { v.shape[#v.shape] }
  return ("tanh(%s) + %s + %s"):format(v.text, c:param("n", row).text, operands.permutation(c, row))
end

return operands
