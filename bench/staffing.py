"""How long staffing takes: a file of 100,000 different questions, and single large ones."""

import random
import tempfile
import time
from pathlib import Path

from solver.demand.staffing import CallLoad, ServiceTarget, required_agents
from solver.demand.staffing_batch import answer_file
from solver.demand.staffing_questions import QUESTION_COLUMNS

ROWS = 100_000


def question(dice: random.Random) -> str:
    patience, cap, agents = dice.choice(["", "120", "300"]), dice.choice(["", "0.85"]), dice.choice(["", "", "20"])
    aht_seconds = round(dice.uniform(120, 360), 2)
    return f"{dice.randint(0, 600)},30,{aht_seconds},0.8,20,{patience},{cap},0.12,{agents}"


def batch() -> None:
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        source.write_text("\n".join([",".join(QUESTION_COLUMNS), *(question(dice) for _ in range(ROWS))]))
        began = time.perf_counter()
        rows = answer_file(source, Path(folder) / "out.csv")
        print(f"batch of {rows} different rows: {time.perf_counter() - began:.1f} s")


def single(load_erlang: float, patience_seconds: float | None) -> None:
    load = CallLoad(load_erlang * 6, 1800.0, 300.0, patience_seconds)
    began = time.perf_counter()
    agents = required_agents(load, ServiceTarget(0.8, 20.0))
    model = "C" if patience_seconds is None else "A"
    print(f"Erlang {model}, {load_erlang:g} Erlang: {agents} agents, {1000 * (time.perf_counter() - began):.1f} ms")


if __name__ == "__main__":
    batch()
    for erlang in (10, 2000, 50_000):
        single(erlang, None)
        single(erlang, 180.0)
