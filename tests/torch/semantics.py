"""Writes semantics.txt: what PyTorch says where docs/semantics.md says what PyTorch says.

The loop by_hand is the page's own, and its hash is noted, so that a page which shows another loop is
noticed. Run with PyTorch 1.13: python3 semantics.py. tests/cli/semantics_are_as_documented.sh reads
the result."""
import hashlib
import os
import re

import torch

from fixture import HERE

LR, K2, UPDATES = 0.1, 3, 5


def documented_loop():
    with open(os.path.join(HERE, "..", "..", "docs", "semantics.md")) as f:
        return re.search(r"^```python\n(.*?)^```$", f.read(), re.M | re.S).group(1)


def number(x):
    return "%.9f" % x


def message(f, *args):
    try:
        f(*args)
    except (AttributeError, RuntimeError) as e:
        return str(e).split(" Hint:")[0]
    raise SystemExit("%s raises nothing" % f.__name__)


def go_back(steps):
    """Adjoints handed from step to step, cleared, through the last K2 of (entering, leaving) states."""
    adjoint = torch.tensor(1.0)
    for entering, leaving in reversed(steps[-K2:]):
        entering.grad = None
        leaving.backward(adjoint, retain_graph=True)
        adjoint = entering.grad


def retained(update):
    """Each step is run once; `update` changes w in place."""
    w, x, steps, gradients = torch.nn.Parameter(torch.tensor(0.2)), torch.tensor(0.9), [], []
    optimizer = torch.optim.SGD([w], lr=LR)
    for _ in range(UPDATES):
        state = x.detach().requires_grad_()
        x = w * state
        steps.append((state, x))
        w.grad = None
        go_back(steps)
        gradients.append(w.grad.item())
        update(w, optimizer)
    return gradients


def by_optimizer(w, optimizer):
    optimizer.step()


def by_data(w, _):
    """What the optimizers before 1.5 did: autograd's version counter does not see it."""
    version = w._version
    w.data.add_(w.grad, alpha=-LR)
    assert w._version == version


def copied():
    """Each step with a copy of the weights of its time."""
    w, x, steps, copies, gradients = torch.tensor(0.2), torch.tensor(0.9), [], [], []
    for _ in range(UPDATES):
        state, copy = x.detach().requires_grad_(), w.clone().requires_grad_()
        x = copy * state
        steps.append((state, x))
        copies.append(copy)
        for c in copies:
            c.grad = None
        go_back(steps)
        gradient = sum(c.grad for c in copies[-K2:])
        gradients.append(gradient.item())
        w = w - LR * gradient
    return gradients


def run_again():
    """The window from its entering state, as last computed."""
    w, states, gradients = torch.nn.Parameter(torch.tensor(0.2)), [torch.tensor(0.9)], []
    optimizer = torch.optim.SGD([w], lr=LR)
    for t in range(1, UPDATES + 1):
        first = max(1, t - K2 + 1)
        del states[first:]
        x = states[-1]
        for _ in range(first, t + 1):
            x = w * x
            states.append(x.detach())
        optimizer.zero_grad()
        x.backward()
        gradients.append(w.grad.item())
        optimizer.step()
    return gradients


def never_detached(retain, steps=2):
    """How many operations the graph of the last step has."""
    w, x = torch.nn.Parameter(torch.tensor(0.2)), torch.tensor(0.9)
    for _ in range(steps):
        x = w * x
        x.backward(retain_graph=retain)
    node, count = x.grad_fn, 0
    while node:
        count += 1
        node = next((f for f, _ in node.next_functions if f and "Mul" in f.name()), None)
    return count


def tuple_detached():
    torch.nn.LSTM(3, 4)(torch.randn(2, 1, 3))[1].detach()


def only_h_detached():
    cell, h, c = torch.nn.LSTMCell(3, 4), torch.zeros(1, 4), torch.zeros(1, 4)
    for _ in range(2):
        h, c = cell(torch.randn(1, 3), (h.detach(), c))
        h.sum().backward()


def lstm_window(parts):
    """Four steps of an LSTM by hand, adjoints of `parts` handed on: 1 is h alone, 2 h and c."""
    torch.manual_seed(1)
    cell, steps, state = torch.nn.LSTMCell(3, 4), [], (torch.zeros(1, 4), torch.zeros(1, 4))
    for x in torch.randn(4, 1, 3):
        entering = tuple(s.detach().requires_grad_() for s in state)
        state = cell(x, entering)
        steps.append((entering, state))
    adjoints = (torch.ones(1, 4), torch.zeros(1, 4))
    for entering, leaving in reversed(steps):
        torch.autograd.backward(leaving[:parts], adjoints[:parts])
        adjoints = tuple(s.grad for s in entering)
    return torch.cat([p.grad.flatten() for p in cell.parameters()])


def main():
    code, scope = documented_loop(), {"torch": torch}
    error = message(retained, by_optimizer) # in float32, as people meet it
    torch.set_default_dtype(torch.float64)
    exec(code, scope)
    both, h_alone = lstm_window(2), lstm_window(1)
    assert (h_alone - both).norm() > 0.01 * both.norm()
    assert [never_detached(True, n) for n in (10, 20)] == [10, 20]
    with open(os.path.join(HERE, "semantics.txt"), "w") as f:
        print("torch", torch.__version__, file=f)
        print("loop", hashlib.sha256(code.encode()).hexdigest(), file=f)
        for clear in (False, True):
            print("by_hand(%s)" % clear, number(scope["by_hand"](clear)), file=f)
        for name, gradients in (("recompute", run_again()), ("retain", retained(by_data)),
                                ("versions", copied())):
            print(name, *map(number, gradients), file=f)
        print("inplace", error, file=f)
        print("second", message(never_detached, False).split(" (")[0], file=f)
        print("second", message(only_h_detached).split(" (")[0], file=f)
        print("tuple", message(tuple_detached), file=f)


main()
