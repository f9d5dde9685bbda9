-- zoo/lorenz.lua: the Lorenz equations, left to themselves until the forecast parts from the truth (Pathak et al., 2018): a reservoir
--
-- J. Pathak, A. Wikner, R. Fussell, S. Chandra, B. Hunt, M. Girvan & E. Ott, "Hybrid forecasting of chaotic processes", Chaos 28 (2018) has the
-- measure: the time until the normalised error is 0.4. The equations do not change if x and y change their signs, and squares of every
-- second unit let the readout say so (Z. Lu et al., "Attractor reconstruction by machine learning", Chaos 28, 2018).
local o = options { hidden = 600, radius = 0.6, leak = 1, scale = 0.3, l2 = 1e-13 }

return model {
  input  = { x = real(1), y = real(1), z = real(1) },
  target = { x = real(1), y = real(1), z = real(1) },
  params = { rnn = nn.esn(3, o.hidden, { radius = o.radius, leak = o.leak, input_scale = o.scale }), head = nn.linear(o.hidden + 3, 3) },
  step   = function(p, x, s)
    local u = concat { x.x, x.y, x.z }
    local h, rnn = p.rnn(u, s.rnn)
    local plain, squared = split(h, 2)
    local y = u + p.head(concat { plain, square(squared), u })
    return { x = slice(y, 1, 1), y = slice(y, 2, 2), z = slice(y, 3, 3) }, { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 50, k2 = 50 },
  train  = { optimizer = ridge { l2 = o.l2 } },
}
