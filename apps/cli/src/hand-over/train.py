"""Goes on with a training that charlstm handed over: the same network, batches, schedule and clipping, with PyTorch alone.
    python train.py                              one process, on a GPU where there is one (--amp multiplies in bfloat16)
    torchrun --nproc-per-node 4 train.py         the rows of each batch shared by four GPUs, or processes
    torchrun --nnodes 2 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint HOST:29500 train.py
Writes metrics.jsonl (a line an epoch), model.safetensors (the best epoch, for `charlstm import`) and last.pt, from which it goes on.
"""
import ctypes, itertools, json, math, os, re, struct, sys, time
from pathlib import Path
import torch
from torch import distributed as dist, nn
from torch.nn import functional as F

here, MASK = Path(__file__).resolve().parent, 0xFFFFFFFF
# ---- The order of the text, in whole numbers of 32 bits: charlstm's own, on every machine.
def mixed(word, shifts=(16, 15, 15), factors=(0x21F0AAAD, 0x735A2D97)):  # of a number, or of each number of a tensor
    for shift, factor in zip(shifts, factors):
        word = ((word ^ (word >> shift)) * factor) & MASK
    return word ^ (word >> shifts[-1])
def round_keys(seed, epoch):
    state, keys = 0x9E3779B9, []
    for word in (seed, seed >> 32, epoch, epoch >> 32):
        state = mixed((state ^ word) & MASK) + 0x9E3779B9
    for _ in range(8):
        state = (state + 0x9E3779B9) & MASK
        keys.append(mixed(state))
    return keys
def permuted(value, length, keys):  # what comes at places of a shuffled [0, length): a Feistel network, again where it leaves the range
    bits, outside = next(bits for bits in range(1, 17) if 4**bits >= length), value >= 0
    while outside.any():
        left, right = value[outside] >> bits, value[outside] & (2**bits - 1)
        for key in keys:
            left, right = right, left ^ (mixed(right ^ key) & (2**bits - 1))
        value[outside] = (left << bits) | right
        outside = value >= length
    return value
def randoms(seed):  # xoshiro128**, two outputs to each number in [0, 1)
    split = lambda word: mixed((word + 0x9E3779B9) & MASK, (16, 13, 16), (0x85EBCA6B, 0xC2B2AE35))
    rotated = lambda value, by: ((value << by) | (value >> (32 - by))) & MASK
    b = split((a := split(seed & MASK)) ^ (seed >> 32))
    d = split(c := split(b))
    while True:
        words = []
        for _ in range(2):
            words.append((rotated((b * 5) & MASK, 7) * 9) & MASK)
            c, d, shifted = c ^ a, d ^ b, (b << 9) & MASK
            b, a = b ^ c, a ^ d
            c, d = c ^ shifted, rotated(d, 11)
        yield ((words[0] >> 5) * 2**26 + (words[1] >> 6)) / 2**53

def batches(ids, job, epoch, skipped, share):  # inputs, targets and rows that begin at zero, of this process; predictions of all
    s, rows, steps, keys = job["settings"], job["rows"], job["stepsPerEpoch"], round_keys(job["settings"]["seed"], epoch)
    length, along = s["window"], torch.arange(s["window"], device=ids.device)
    if s["objective"] == "window":
        windows = (len(ids) - length - 1) // s["stride"] + 1
        for step in range(skipped, steps):
            count = min(rows, windows - step * rows)
            first, end = share(count)
            starts = permuted(torch.arange(step * rows + first, step * rows + end), windows, keys).to(ids.device) * s["stride"]
            yield ids[starts[:, None] + along].long(), ids[starts + length].long(), [], count
        return
    # Streams side by side over the text in a circle; a row begins at zero where the text does, and anew now and then.
    offset, start = int(keys[0] / 2**32 * (len(ids) - rows * steps * length)), epoch * math.ceil(steps / 16) % (rows * steps)
    random, (first, end) = randoms((s["seed"] + epoch * 0x9E3779B1) % (2**53 - 1)), share(rows)
    for step in range(steps):
        anew = [next(random) < job["begunAnew"] for _ in range(rows)]
        if step >= skipped:
            stretches = [(start + row * steps + step) % (rows * steps) for row in range(first, end)]
            places = offset + torch.tensor(stretches, device=ids.device)[:, None] * length + along
            begins = [at for at, stretch in enumerate(stretches) if step == 0 or stretch == 0 or anew[first + at]]
            yield ids[places].long(), ids[places + 1].long(), begins, rows * length

# ---- The network, and Keras's optimizers.
class Network(nn.Module):
    def __init__(self, vocabulary, units, dropout):
        super().__init__()
        self.vocabulary, self.dropout = vocabulary, dropout
        self.lstm = nn.ModuleList(nn.LSTM(below, width, batch_first=True) for below, width in zip([vocabulary, *units], units))
        self.dense = nn.Linear(units[-1], vocabulary)
        for layer in self.lstm:
            layer.bias_hh_l0.requires_grad_(False)  # Keras has one bias: the second stays zero

    def zeros(self, rows):
        return [tuple(self.dense.weight.new_zeros(1, rows, layer.hidden_size) for _ in "hc") for layer in self.lstm]

    def forward(self, ids, states, last_only=False):
        x, after = F.one_hot(ids, self.vocabulary).float(), []
        for layer, state in zip(self.lstm, states):
            x, state = layer(x, state)
            x, after = F.dropout(x, self.dropout, self.training), [*after, state]
        return self.dense(x[:, -1] if last_only else x), after

@torch.no_grad()
def update(parameters, slots, o, rate, count, clip):  # unless the gradient is not finite; returns its norm before clipping
    norm = torch.stack([each.grad.double().square().sum() for each in parameters.values()]).sum().sqrt().item()
    for name, weight in parameters.items() if math.isfinite(norm) else ():
        g, slot = weight.grad * (clip / norm if clip and norm > clip else 1.0), slots[name]
        if o["name"] == "sgd":
            weight -= rate * g
        elif o["name"] == "rmsprop":
            weight -= rate * g / (slot["velocity"].mul_(o["rho"]).addcmul_(g, g, value=1 - o["rho"]) + o["epsilon"]).sqrt()
        else:  # Adam and AdamW, both corrections within the rate
            m = slot["m"].mul_(o["beta1"]).add_(g, alpha=1 - o["beta1"])
            v = slot["v"].mul_(o["beta2"]).addcmul_(g, g, value=1 - o["beta2"])
            corrected = rate * math.sqrt(1 - o["beta2"] ** count) / (1 - o["beta1"] ** count)
            weight -= rate * o["weightDecay"] * weight + corrected * m / (v.sqrt() + o["epsilon"])
    return norm
def rate_at(step, total, s):
    if step < s["warmupSteps"] or s["decay"] == "constant":
        return s["learningRate"] * min(1, (step + 1) / max(1, s["warmupSteps"]))
    progress = min(1, (step - s["warmupSteps"]) / max(1, total - s["warmupSteps"]))
    return s["learningRate"] * (s["finalRate"] + (1 - s["finalRate"]) * 0.5 * (1 + math.cos(math.pi * progress)))

@torch.no_grad()
def held_out_loss(network, ids, job):  # nats per character: of windows from zero, or of streams entered a window before what counts
    s, length, total = job["settings"], job["settings"]["window"], 0.0
    if len(ids) <= length:
        return None
    network.eval()
    if s["objective"] == "window":
        starts = torch.arange(0, len(ids) - length, s["stride"], device=ids.device)
        for some in starts.split(job["rows"]):
            logits, _ = network(ids[some[:, None] + torch.arange(length, device=ids.device)].long(), network.zeros(len(some)), True)
            total += F.cross_entropy(logits, ids[some + length].long(), reduction="sum").item()
        counted = len(starts)
    else:
        before = min(length, (len(ids) - 1) >> 1)
        count = max(1, min(16, (len(ids) - 1 - before) // 256))
        part, states = (len(ids) - 1 - before) // count, network.zeros(count)
        for at in range(0, before + part, 256):
            along = torch.arange(at, min(at + 256, before + part), device=ids.device)
            places = torch.arange(count, device=ids.device)[:, None] * part + along
            logits, states = network(ids[places].long(), states)
            losses = F.cross_entropy(logits.transpose(1, 2), ids[places + 1].long(), reduction="none")
            total += losses[:, max(0, before - at) :].double().sum().item()
        counted = count * part
    network.train()
    return total / counted

# ---- Files: each is the old one or the new one, whenever the process ends.
def replace(path, write):
    write(partial := path.with_name(f".{path.name}.partial"))
    partial.replace(path)
def read_safetensors(path):
    data = bytearray(path.read_bytes())
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header, floats = json.loads(data[8:start]), torch.frombuffer(data, dtype=torch.float32, offset=start)
    metadata, cut = header.pop("__metadata__"), lambda t: floats[t["data_offsets"][0] // 4 : t["data_offsets"][1] // 4].reshape(t["shape"])
    # Layer k of one nn.LSTM is a module of its own here.
    return {re.sub(r"lstm\.(\w+)_l(\d+)$", r"lstm.\2.\1_l0", name): cut(tensor).clone() for name, tensor in header.items()}, metadata
def write_safetensors(path, tensors, metadata):
    tensors, header, at = {name: each.detach().cpu().contiguous() for name, each in tensors.items()}, {"__metadata__": metadata}, 0
    for name, each in tensors.items():
        header[name] = {"dtype": "F32", "shape": list(each.shape), "data_offsets": [at, at := at + 4 * each.numel()]}
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    body = [ctypes.string_at(each.data_ptr(), 4 * each.numel()) for each in tensors.values()]
    replace(path, lambda partial: partial.write_bytes(b"".join([struct.pack("<Q", len(text)), text, *body])))

# ---- The run.
def main():
    if set(sys.argv[1:]) - {"--amp"}:
        raise SystemExit(__doc__)
    world, rank, local = (int(os.environ.get(name, default)) for name, default in (("WORLD_SIZE", 1), ("RANK", 0), ("LOCAL_RANK", 0)))
    device = torch.device("cuda", local) if torch.cuda.is_available() else torch.device("cpu")
    say = lambda text: rank or print(text, flush=True)
    job = json.loads((here / "settings.json").read_text("utf-8"))
    s, progress, history, best, vocabulary = job["settings"], job["progress"], job["history"], job["best"], len(job["vocabulary"])
    if world > job["rows"]:
        raise SystemExit(f"{world} processes for batches of {job['rows']} rows: start no more, or hand over with a larger --batch")
    if world > 1:
        dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
    share = lambda rows: (rows * rank // world, rows * (rank + 1) // world)
    ids = torch.frombuffer(bytearray((here / "ids.bin").read_bytes()), dtype=torch.uint8 if vocabulary <= 256 else torch.int32).to(device)
    text, held_out = ids[: job["characters"]], ids[job["characters"] :]
    network = Network(vocabulary, s["units"], s["dropout"]).to(device)
    parameters = {name: each for name, each in network.named_parameters() if each.requires_grad}
    tensors, metadata = read_safetensors(here / "weights.safetensors")
    slots = {name: {kind: tensors[f"optimizer.{kind}.{name}"].to(device) for kind in job["slots"]} for name in parameters}
    network.load_state_dict({name: tensors[name] for name in network.state_dict()})
    states = [tuple(tensors.get(f"state.{part}.{at}", each).to(device) for part, each in zip("hc", state))
              for at, state in enumerate(network.zeros(job["rows"]))]
    if (last := here / "last.pt").exists():
        saved = torch.load(last, map_location=device, weights_only=True)
        network.load_state_dict(saved["weights"])
        slots, progress, history, states, best = (saved[name] for name in ("slots", "progress", "history", "states", "best"))
        say(f"going on after step {progress['step']}")
    states = [tuple(each[:, slice(*share(job["rows"]))].contiguous() for each in state) for state in states]
    model = nn.parallel.DistributedDataParallel(network) if world > 1 else network
    def save(is_best):
        parts = [[tuple(each.cpu() for each in state) for state in states]] * world
        dist.all_gather_object(parts, parts[0]) if world > 1 else None
        whole = [tuple(torch.cat([part[at][which] for part in parts], 1) for which in (0, 1)) for at in range(len(states))]
        if rank > 0:
            return
        if is_best or not (here / "model.safetensors").exists():
            kept = {f"optimizer.{kind}.{name}": each for name, kinds in slots.items() for kind, each in kinds.items()}
            optimizer = json.loads(metadata["charlstm_optimizer"]) | {"step": progress["step"], "learningRate": rate}
            metadata["charlstm_optimizer"] = json.dumps(optimizer)
            write_safetensors(here / "model.safetensors", network.state_dict() | kept, metadata)
        run = {"weights": network.state_dict(), "slots": slots, "progress": progress, "history": history, "states": whole, "best": best}
        replace(last, lambda partial: torch.save(run, partial))
    shown, is_window, total_steps = 0.0, s["objective"] == "window", job["totalSteps"]
    while progress["epoch"] < s["epochs"] and progress["step"] < total_steps:
        epoch, sums = progress["epoch"] + 1, progress["sums"]
        read_on = batches(text, job, epoch, progress["stepInEpoch"], share)
        for inputs, targets, begins, predictions in itertools.islice(read_on, total_steps - progress["step"]):
            began, rate = time.time(), progress["rateFactor"] * rate_at(progress["step"], total_steps, s)
            for each in (each for state in states for each in state):
                each[:, begins] = 0
            torch.manual_seed((s["seed"] * 1_000_003 + progress["step"]) * world + rank)  # the masks of dropout
            is_spare = len(inputs) == 0  # a last batch of fewer rows than processes: a row of no weight keeps the others company
            x = inputs if not is_spare else torch.zeros(1, s["window"], dtype=torch.long, device=device)
            with torch.autocast(device.type, torch.bfloat16, enabled="--amp" in sys.argv):
                logits, after = model(x, network.zeros(len(x)) if is_window else states, is_window)
            lost = logits.sum() * 0 if is_spare else F.cross_entropy(logits.float().flatten(0, -2), targets.flatten(), reduction="sum")
            model.zero_grad()
            (lost / predictions * world).backward()  # DistributedDataParallel takes the mean over processes
            states = states if is_window else [tuple(each.detach().float() for each in state) for state in after]
            dist.all_reduce(lost := lost.detach()) if world > 1 else None
            norm, loss = update(parameters, slots, s["optimizer"], rate, progress["step"] + 1, s.get("clipNorm") or 0), lost.item()
            if not (math.isfinite(loss) and math.isfinite(norm)):
                raise SystemExit(f"step {progress['step'] + 1} is not finite: lower learningRate in settings.json, and go on from last.pt")
            seconds, read = time.time() - began, predictions * (s["window"] if is_window else 1)
            more = {"loss": loss, "gradientNorm": norm, "predictions": predictions, "characters": read, "seconds": seconds}
            sums |= {name: sums[name] + each for name, each in more.items()} | {"learningRate": rate}
            progress |= {"step": progress["step"] + 1, "stepInEpoch": progress["stepInEpoch"] + 1, "sums": sums}
            if time.time() - shown > 2:
                say(f"step {progress['step']}/{total_steps}  loss {loss / predictions:.4f}  {read / seconds:,.0f} characters/s")
                shown = time.time()
            if progress["step"] % job["stepsPerSave"] == 0:
                save(False)
        held, steps = held_out_loss(network, held_out, job), progress["stepInEpoch"]
        line = {"epoch": epoch, "step": progress["step"], "loss": sums["loss"] / sums["predictions"], "heldOutLoss": held}
        line |= {"gradientNorm": sums["gradientNorm"] / steps, "charactersPerSecond": sums["characters"] / sums["seconds"]}
        line = {name: each for name, each in (sums | line).items() if name not in ("predictions", "characters") and each is not None}
        say(f"epoch {epoch}/{s['epochs']}  loss {line['loss']:.4f}  held out {held}")
        lines, measured = [*history, line], line.get("heldOutLoss", line["loss"])
        is_best = steps == job["stepsPerEpoch"] and (best is None or measured < best["loss"])
        if steps == job["stepsPerEpoch"]:
            history, best = lines, {"epoch": epoch, "loss": measured} if is_best else best
            progress |= {"epoch": epoch, "stepInEpoch": 0, "sums": dict.fromkeys(sums, 0)}
        save(is_best)
        if rank == 0:
            replace(here / "metrics.jsonl", lambda partial: partial.write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8"))
        if s.get("patience") and best and epoch - best["epoch"] >= s["patience"]:
            break
    say("charlstm import model.safetensors, in this folder, makes a model of the best epoch")
if __name__ == "__main__":
    main()
