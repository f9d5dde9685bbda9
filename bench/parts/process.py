"""A program that is timed: started once, asked over and over, on a core that it shares with nobody else that runs."""
import json
import os
import select
import subprocess
import time

ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


class Failed(Exception):
    """Why something could not be timed."""


class Lacks(Failed):
    """A peer has nothing to compare with: noted, and no reason to speak."""


def environment(threads, clock):
    """OPENBLAS_CORETYPE and the like stay as they are: what they do to OpenBLAS they do to a user's training."""
    set_ = {name: str(threads) for name in ONE_THREAD}
    return os.environ | set_ | {"TORCHINDUCTOR_COMPILE_THREADS": "1", "JAX_PLATFORMS": "cpu",
                                "CUDA_VISIBLE_DEVICES": "", "TAPELESS_BENCH_CLOCK": clock,
                                "TAPELESS_BENCH_THREADS": str(threads)}


class Process:
    """Speaks as bench/worker.c does."""

    def __init__(self, command, bench, cores, log, seconds=600):
        self.log = open(log, "w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen(
            [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
            text=True, bufsize=1, env=environment(len(cores), bench.clock),
            preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.rest = ""
        self.info = json.loads(self.answer("ready", seconds))
        self.rounds = []  # of each: best and median of its times, in microseconds, and how many

    def ask(self, question, seconds=600):
        try:
            self.process.stdin.write(question + "\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Failed(self.last_words()) from None
        return self.answer(question.split()[0].replace("go", "times"), seconds).split()

    def answer(self, word, seconds):
        """What follows `word` on the next line."""
        deadline = time.monotonic() + seconds
        while "\n" not in self.rest:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.process.stdout], [], [], left)[0]:
                self.end()
                raise Failed(f"no answer in {seconds:.0f} seconds")
            more = os.read(self.process.stdout.fileno(), 1 << 16).decode()
            if not more:
                raise Failed(self.last_words())
            self.rest += more
        line, self.rest = self.rest.split("\n", 1)
        if not line.startswith(word):
            self.end()
            raise Failed(line.removeprefix("failed "))
        return line[len(word):].strip()

    def last_words(self):
        self.process.wait()
        self.log.seek(0)
        lines = [line for line in self.log.read().splitlines() if line.strip()]
        return lines[-1][:300] if lines else f"it ended with status {self.process.returncode}"

    def warm_up(self):
        self.ask("go 0", 1800)

    def time(self, seconds):
        times = sorted(map(float, self.ask(f"go {seconds}")))
        self.rounds.append((times[0], times[len(times) // 2], len(times)))

    def best(self):
        return min(r[0] for r in self.rounds)

    def median(self):
        medians = sorted(r[1] for r in self.rounds)
        return medians[len(medians) // 2]

    def peak_memory(self):
        """Of the process so far, in bytes."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as f:
            for line in f:
                if line.startswith("VmHWM:"):
                    return 1024 * int(line.split()[1])
        return None

    def end(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()
