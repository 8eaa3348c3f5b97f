"""One training step of the same network in PyTorch on the CPU: the rival that the engine is measured against.

  python3 pytorch_step.py             medians of every work at 1 and 2 threads, as one JSON object
  python3 pytorch_step.py --serve     answers each line "<work> <threads>" with the milliseconds of one step,
                                      so that a benchmark can interleave it with others, and "load <work> <file>"
                                      with the loss and the norm of the gradient on the weights and ids of a file:
                                      {"weights": [{"shape", "values"}] in Keras's order, "inputs", "targets"}

One-hot inputs are made before the clock starts. Needs: python3 -m pip install torch
"""

import json
import statistics
import sys
import time

import torch

VOCABULARY, UNITS = 59, 128
WORKS = {"notebook-step": (128, 60, False), "sequence-step": (32, 64, True)}


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(VOCABULARY, UNITS, batch_first=True)
        self.dense = torch.nn.Linear(UNITS, VOCABULARY)

    def forward(self, inputs, is_sequence):
        hidden, _ = self.lstm(inputs)
        return self.dense(hidden if is_sequence else hidden[:, -1])


def prepare(work):
    rows, length, is_sequence = WORKS[work]
    network = Network()
    optimizer = torch.optim.RMSprop(network.parameters(), lr=0.001, alpha=0.9, eps=1e-7)
    inputs = torch.nn.functional.one_hot(torch.randint(VOCABULARY, (rows, length)), VOCABULARY).float()
    targets = torch.randint(VOCABULARY, (rows * length if is_sequence else rows,))

    def gradient():
        optimizer.zero_grad()
        logits = network(inputs, is_sequence).reshape(-1, VOCABULARY)
        loss = torch.nn.functional.cross_entropy(logits, targets)
        loss.backward()
        return loss

    def step():
        start = time.perf_counter()
        loss = gradient()
        optimizer.step()
        loss.item()
        return (time.perf_counter() - start) * 1000

    def load(path):
        with open(path) as file:
            given = json.load(file)
        # Keras keeps [input, output] and the gates in PyTorch's order, i f c o; it has one bias where PyTorch has two.
        kernel, recurrent, bias, dense, dense_bias = (
            torch.tensor(weight["values"]).reshape(weight["shape"]) for weight in given["weights"])
        parameters = {"weight_ih_l0": kernel.T, "weight_hh_l0": recurrent.T, "bias_ih_l0": bias,
                      "bias_hh_l0": torch.zeros_like(bias)}
        with torch.no_grad():
            for name, values in parameters.items():
                getattr(network.lstm, name).copy_(values)
            network.dense.weight.copy_(dense.T)
            network.dense.bias.copy_(dense_bias)
            ids = torch.tensor(given["inputs"]).reshape(rows, length)
            inputs.copy_(torch.nn.functional.one_hot(ids, VOCABULARY))
            targets.copy_(torch.tensor(given["targets"]))
        loss = gradient()
        network.lstm.bias_hh_l0.grad.zero_()  # the second bias is not in Keras's gradient
        squares = sum(parameter.grad.double().square().sum() for parameter in network.parameters())
        return {"loss": loss.item(), "gradientNorm": squares.sqrt().item()}

    return step, load


def main():
    torch.manual_seed(0)
    steps = {work: prepare(work) for work in WORKS}
    if "--serve" in sys.argv:
        print(json.dumps({"pytorch": torch.__version__}), flush=True)
        for line in sys.stdin:
            if line.startswith("load "):
                _, work, path = line.rstrip("\n").split(" ", 2)
                print(json.dumps(steps[work][1](path)), flush=True)
                continue
            work, threads = line.split()
            if torch.get_num_threads() != int(threads):
                torch.set_num_threads(int(threads))
            print(json.dumps(steps[work][0]()), flush=True)
        return
    rows = []
    for work, (step, _) in steps.items():
        for threads in (1, 2):
            torch.set_num_threads(threads)
            times = [step() for _ in range(25)][5:]
            median = statistics.median(times)
            characters = WORKS[work][0] * WORKS[work][1]
            rows.append({"work": work, "backend": "pytorch", "threads": threads, "medianMs": median,
                         "charactersPerSecond": 1000 * characters / median})
    print(json.dumps({"pytorch": torch.__version__, "rows": rows}))


if __name__ == "__main__":
    main()
