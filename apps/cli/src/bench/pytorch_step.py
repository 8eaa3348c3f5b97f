"""Training steps of the same network in PyTorch on the CPU: the rival that `charlstm bench --pytorch` measures the engine against.

Answers each line of standard input with one of JSON:

  load <file>            {"loss", "gradientNorm"} of a work on its weights and ids, without dropout; from then on its steps
                         can be taken. The file has the work as apps/cli/src/bench/pytorch.ts writes it.
  step <work> <threads>  the milliseconds of one step

The first line that it writes names the version and the vectors that PyTorch's own kernels use. One-hot inputs are made before
the clock starts, and the optimizers are the fused ones where PyTorch has them. Needs: python3 -m pip install torch
"""

import json
import sys
import time

import torch


class Network(torch.nn.Module):
    def __init__(self, work):
        super().__init__()
        units, layers = work["units"][0], len(work["units"])
        if any(width != units for width in work["units"]):
            raise ValueError("torch.nn.LSTM has layers of one width")
        self.lstm = torch.nn.LSTM(work["vocabularySize"], units, layers, batch_first=True, dropout=work["dropout"] if layers > 1 else 0)
        self.dropout = torch.nn.Dropout(work["dropout"])
        self.dense = torch.nn.Linear(units, work["vocabularySize"])

    def forward(self, inputs, state, is_sequence):
        hidden, state = self.lstm(inputs, state)
        # Also without dropout: the module then gives back what it gets.
        return self.dense(self.dropout(hidden if is_sequence else hidden[:, -1])), state

    def write(self, weights):
        """Keras keeps [input, output] and the gates in PyTorch's order, i f c o; it has one bias where PyTorch has two."""
        tensors = [torch.tensor(weight["values"]).reshape(weight["shape"]) for weight in weights]
        with torch.no_grad():
            for layer in range(self.lstm.num_layers):
                kernel, recurrent, bias = tensors[3 * layer:3 * layer + 3]
                getattr(self.lstm, f"weight_ih_l{layer}").copy_(kernel.T)
                getattr(self.lstm, f"weight_hh_l{layer}").copy_(recurrent.T)
                getattr(self.lstm, f"bias_ih_l{layer}").copy_(bias)
                getattr(self.lstm, f"bias_hh_l{layer}").zero_()
            self.dense.weight.copy_(tensors[-2].T)
            self.dense.bias.copy_(tensors[-1])


def make_optimizer(network, given, rate):
    parameters, name = network.parameters(), given["name"]
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=rate, alpha=0.9, eps=1e-7)
    if name == "adam":
        return torch.optim.Adam(parameters, lr=rate, eps=1e-7, fused=True)
    raise ValueError(f"no optimizer {name} here")


class Work:
    def __init__(self, given):
        vocabulary, rows = given["vocabularySize"], given["rows"]
        self.is_sequence, self.clip_norm = given["objective"] == "sequence", given["clipNorm"]
        ids = torch.tensor(given["inputs"]).reshape(rows, -1)
        self.inputs, self.targets = torch.nn.functional.one_hot(ids, vocabulary).float(), torch.tensor(given["targets"])
        self.network, self.state = Network(given), None
        self.network.write(given["weights"])
        self.optimizer = make_optimizer(self.network, given["optimizer"], given["learningRate"])

    def gradient(self):
        self.optimizer.zero_grad()
        logits, state = self.network(self.inputs, self.state, self.is_sequence)
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, -2), self.targets)
        loss.backward()
        return loss, state

    def check(self):
        self.network.eval()
        loss, _ = self.gradient()
        # Once: the second bias, whose gradient is the first's, is not in Keras.
        parameters = [parameter for name, parameter in self.network.named_parameters() if "bias_hh" not in name]
        squares = sum(parameter.grad.double().square().sum() for parameter in parameters)
        self.network.train()
        return {"loss": loss.item(), "gradientNorm": squares.sqrt().item()}

    def step(self):
        start = time.perf_counter()
        loss, state = self.gradient()
        if self.is_sequence:
            self.state = tuple(part.detach() for part in state)
        if self.clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.clip_norm)
        self.optimizer.step()
        loss.item()
        return (time.perf_counter() - start) * 1000


def main():
    torch.manual_seed(0)
    say = lambda answer: print(json.dumps(answer), flush=True)
    say({"pytorch": torch.__version__, "vectors": torch.backends.cpu.get_cpu_capability()})
    works = {}
    for line in sys.stdin:
        command, rest = line.rstrip("\n").split(" ", 1)
        if command == "load":
            with open(rest, encoding="utf-8") as file:
                given = json.load(file)
            works[given["name"]] = Work(given)
            say(works[given["name"]].check())
        else:
            work, threads = rest.split()
            if torch.get_num_threads() != int(threads):
                torch.set_num_threads(int(threads))
            say(works[work].step())


main()
