"""Writes trajectory/groups_*/: 50 updates with groups of parameters as torch.optim has them, of groups.lua: a
module that is not trained, factors of learning rate and weight decay, no decay of vectors, and what holds of
parameters after every update. training.py says what is in a case.

Run with PyTorch 1.13: python3 groups.py."""
import torch

from models import LOSSES, Grouped
from training import record
from trajectories import Trainer, waves

# As in groups.lua: factors of (lr, weight_decay) by the beginning of the name.
FACTORS = {"rnn": (0.25, 2), "head": (2, 1), "scale": (0.5, 1)}
OPTIMIZERS = {
    "adamw": (torch.optim.AdamW, {"lr": 2e-2, "weight_decay": 0.2}),
    "sgd": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.02}),
}


def groups(model, kind):
    make, options = OPTIMIZERS[kind]
    found = []
    for name, p in model.named_parameters():
        if not p.requires_grad:
            continue
        lr, decay = FACTORS[name.split(".")[0]]
        decay = decay * options["weight_decay"] if p.dim() >= 2 else 0
        found.append({"params": [p], "lr": options["lr"] * lr, "weight_decay": decay})
    return make(found, **options)


def shorten(rows, most):
    norms = rows.double().norm(dim=-1, keepdim=True)
    rows.copy_((rows.double() * torch.clamp(most / norms, max=1)).to(rows.dtype))


class Projected(Trainer):
    """Counts the updates after which each constraint had something to do."""
    bound = {"rows": 0, "bias": 0, "scale": 0}

    def update(self):
        result = super().update()
        with torch.no_grad():
            head, scale = self.model.head, self.model.scale
            before = [p.clone() for p in (head.weight, head.bias, scale)]
            shorten(head.weight, 0.6)
            shorten(head.bias, 0.6)
            scale.clamp_(0.6, 1.2)
            for name, a, b in zip(self.bound, before, (head.weight, head.bias, scale)):
                self.bound[name] += not torch.equal(a, b)
        return result


def case(kind, seed):
    torch.manual_seed(seed)
    model = Grouped()
    with torch.no_grad():
        model.scale.clamp_(0.6, 1.2)
    Projected.bound = dict.fromkeys(Projected.bound, 0)
    record("groups_" + kind, "groups", {"optimizer": kind}, model, waves(seed, 93, 4, 3),
           lambda m, given: Projected(m, lambda _: groups(m, kind), LOSSES["mse"], given, k1=4, k2=8, clip_norm=0.5))
    print("constraints at work in so many of 100 updates:", Projected.bound)


def main():
    torch.set_num_threads(1)
    case("adamw", 71)
    case("sgd", 72)


main()
