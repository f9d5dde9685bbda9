"""A torch.nn.LSTM's weights, taken over by their names: the same predictions. Run where PyTorch is installed."""
import unittest

import tapeless
import torch

from common import Case

SPEC = """
return model {
  input  = real(3),
  target = real(2),
  params = { rnn = nn.lstm(3, 8, { layers = 2 }), head = nn.linear(8, 2) },
  step   = function(p, x, s)
    local h, rnn = p.rnn(x, s.rnn)
    return p.head(h), { rnn = rnn }
  end,
  loss   = mse,
  tbptt  = { k1 = 5, k2 = 20 },
}
"""


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.head = torch.nn.LSTM(3, 8, 2), torch.nn.Linear(8, 2)

    def forward(self, x):
        return self.head(self.rnn(x)[0])


class Torch(Case):
    def test_a_trained_lstm(self):
        torch.manual_seed(1)
        net = Net()
        x = torch.randn(30, 4, 3)
        y = x.cumsum(0)[..., :2] / 5
        optimizer = torch.optim.Adam(net.parameters(), 1e-2)
        for _ in range(20):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(net(x), y).backward()
            optimizer.step()
        m = tapeless.compile(self.spec(SPEC), batch=4)
        m.load_state_dict(net.state_dict())
        self.close(m.predict(x.numpy()), net(x).detach().numpy(), 2e-6)
        other = Net()
        other.load_state_dict({n: torch.from_numpy(a) for n, a in m.state_dict().items()})
        self.close(other(x).detach().numpy(), m.predict(x.numpy()), 2e-6)
        m.load_state_dict({**{"rnn." + n: a for n, a in net.rnn.state_dict().items()},
                           **{"head." + n: a for n, a in net.head.state_dict().items()}})


if __name__ == "__main__":
    unittest.main()
