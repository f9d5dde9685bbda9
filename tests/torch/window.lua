-- What looks at all steps of a window, with window.py beside this file.
local o = options { over = "attention", cell = "gru", score = "dot", heads = 2 }
local cells = { gru = nn.gru, lstm = nn.lstm }
local rnn = cells[o.cell](5, 8)

local models = {
  attention = {
    params = { rnn = rnn, look = nn.attention(8, { heads = o.heads, score = o.score }), head = nn.linear(8, 3) },
    window = function(p, ys)
      local h = {}
      for t = 1, #ys do h[t] = ys[t].h end
      return p.head(p.look(h))
    end,
  },
  bidirectional = {
    params = { rnn = nn.bidirectional(rnn), head = nn.linear(16, 3) },
    window = function(p, ys)
      local x, h = {}, {}
      for t = 1, #ys do x[t], h[t] = ys[t].x, ys[t].h end
      return p.head(p.rnn(x, h)[#ys - 3])
    end,
  },
}

return model {
  input  = real(5),
  target = real(3),
  params = models[o.over].params,
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return { x = x, h = h }, { rnn = rnn }
  end,
  window = models[o.over].window,
  loss   = mse,
  tbptt  = { k1 = 1, k2 = 8, batch = 3 },
}
