"""The rows of workloads.txt, and how many products a window of each has."""
from dataclasses import dataclass
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
FIELDS = "name model layers vocab input_size hidden out batch k1 k2 real".split()
WORDS = {"name", "model", "real"}

# Matrices of a layer, as multiples of `hidden` rows: those applied to the layer's input, and to its state. What the
# code leaves out, as the gradients of a reservoir, its own count knows.
GATES = {"lstm": (4, 4), "lstm_hand": (4, 4), "lstm_layernorm": (4, 4), "lstm_peephole": (4, 4), "lstm_cnn": (4, 4),
         "gru": (3, 3), "mingru": (2, 0), "elman": (1, 1), "nn_peephole": (4, 4), "nn_layernorm": (4, 4), "nn_coupled": (3, 3),
         "nn_zoneout": (4, 4), "nn_projection": (8, 10), "mgu": (2, 2), "nn_mingru": (2, 0), "indrnn": (1, 0),
         "ctrnn": (1, 1), "clockwork": (1, 1), "lru": (3, 2), "esn": (1, 1)}
ALONE = {"nn_peephole", "nn_layernorm", "nn_coupled", "nn_zoneout", "nn_projection", "mgu", "nn_mingru", "indrnn", "ctrnn",
         "clockwork", "lru", "esn"}  # which nobody else was written for


@dataclass
class Workload:
    name: str
    model: str
    layers: int
    vocab: int
    input_size: int
    hidden: int
    out: int
    batch: int
    k1: int
    k2: int
    real: str

    @property
    def spec(self):
        own = BENCH / "models" / f"{self.model}.lua"
        return own if own.exists() else BENCH.parent / "models" / f"{self.model}.lua"

    def arguments(self, optimizer, lr):
        """Of tapeless compile and build."""
        options = {"input": self.input_size, "hidden": self.hidden, "output": self.out}
        if self.model != "lstm_cnn":
            options |= {"layers": self.layers, "vocab": self.vocab, "k1": self.k1, "k2": self.k2, "batch": self.batch}
        words = [str(self.spec), "--precision", self.real, "--optimizer", optimizer, "--lr", str(lr)]
        return words + [word for name, value in options.items() for word in ("-D", f"{name}={value}")]

    def products(self):
        """Multiplications and additions in the products of one window, as the formulas write them: forward, gradients
        of the weights, gradients of what is handed down. No gradient of an input that is data, none into the state
        that enters the window, and the head on the steps that count alone. A product with a row picked from a table
        counts like any other: a compiler that makes fewer of them does less work, and says so itself."""
        rows, of_input, of_state = self.batch * self.k2, *(g * self.hidden for g in GATES[self.model])
        sum_ = 0
        for layer in range(self.layers):
            below = self.input_size if layer == 0 else self.hidden
            sum_ += (3 if layer or self.vocab else 2) * rows * of_input * below
            sum_ += (3 * rows - self.batch) * of_state * self.hidden
        if self.model == "lstm_cnn":
            channels, positions = 8, (self.k2 - 2) * (self.hidden - 2)
            sum_ += self.batch * 3 * channels * positions * (2 * 9 + self.out)
        else:
            sum_ += 3 * min(self.k1, self.k2) * self.batch * self.hidden * self.out
        return 2 * sum_


def read(path=BENCH / "workloads.txt"):
    rows = {}
    for line in path.read_text().splitlines():
        words = line.split("#")[0].split()
        if words:
            values = (w if f in WORDS else int(w) for f, w in zip(FIELDS, words, strict=True))
            rows[words[0]] = Workload(*values)
    return rows
