"""The benchmarks' cases in PyTorch. Reads requests, one JSON object a line, and answers each with one line.

{"case": "mlp-sgd", "variant": "eager", "seconds": 1} is answered with {"ms": [...]}, the milliseconds of each
repetition, or with {"skip": reason} where a case has no such variant. The first line printed describes the set-up.
"""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

from files import read_mnist, read_table
from start import first_update

threads, mnist = int(sys.argv[1]), sys.argv[2]
torch.set_num_threads(threads)
torch.manual_seed(1)


class Block(nn.Module):
    """y = relu(x + F(x)), F = conv-norm-relu-conv-norm."""

    def __init__(self, before, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(before, width, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(width)
        same = stride == 1 and before == width
        self.shortcut = nn.Identity() if same else nn.Sequential(nn.Conv2d(before, width, 1, stride, bias=False), nn.BatchNorm2d(width))

    def forward(self, x):
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


def resnet(widths, classes):
    layers = [nn.Conv2d(3, widths[0], 3, 1, 1, bias=False), nn.BatchNorm2d(widths[0]), nn.ReLU()]
    before = widths[0]
    for i, width in enumerate(widths):
        layers.append(Block(before, width, 2 if i > 0 else 1))
        before = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(before, classes))


class TransformerBlock(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.qkv(self.norm1(x)).chunk(3, -1))
        attended = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(attended.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, vocabulary, length, width, heads, layers):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(0.02 * torch.randn(length, width))
        self.blocks = nn.Sequential(*(TransformerBlock(width, heads) for _ in range(layers)), nn.LayerNorm(width), nn.Linear(width, vocabulary))

    def forward(self, x):
        return self.blocks(self.tokens(x) + self.positions)


def mlp():
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))


def cnn():
    features = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*features, nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10))


def soft_loss(student, teacher, temperature):
    target = F.log_softmax(teacher / temperature, -1).flatten(0, -2)
    return F.kl_div(F.log_softmax(student / temperature, -1).flatten(0, -2), target, reduction="batchmean", log_target=True) * temperature**2


def distillation_loss(student, teacher, labels, temperature):
    return 0.7 * soft_loss(student, teacher, temperature) + 0.3 * F.cross_entropy(student.flatten(0, -2), labels.flatten())


# name: network, a batch, classes, optimizer (class and options), whether it takes images
updates = {
    "mlp-sgd": (mlp, lambda: torch.rand(128, 784), 10, (torch.optim.SGD, {"lr": 0.01}), False),
    "mlp-adam": (mlp, lambda: torch.rand(128, 784), 10, (torch.optim.Adam, {"lr": 0.001}), False),
    "cnn-sgd": (cnn, lambda: torch.rand(64, 1, 28, 28), 10, (torch.optim.SGD, {"lr": 0.01}), True),
    "cnn-adam": (cnn, lambda: torch.rand(64, 1, 28, 28), 10, (torch.optim.Adam, {"lr": 0.001}), True),
    "resnet": (lambda: resnet([32, 64, 128, 256], 100), lambda: torch.rand(32, 3, 32, 32), 100, (torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}), True),
    "transformer": (lambda: Transformer(65, 128, 128, 4, 2), lambda: torch.randint(0, 65, (32, 128)), 65, (torch.optim.AdamW, {"lr": 0.001}), False),
}


class Update:
    """One whole update. Variants: eager, channels-last, compile; ", fused" asks for the optimizer in one kernel."""

    def __init__(self, case, variant):
        variant, _, fused = variant.partition(", ")
        make, batch, classes, (optimizer, options), self.images = updates[case]
        self.model, self.x = make(), batch()
        if variant == "channels-last":
            self.model = self.model.to(memory_format=torch.channels_last)
            self.x = self.x.contiguous(memory_format=torch.channels_last)
        self.optimizer = optimizer(self.model.parameters(), **options, **({"fused": True} if fused else {}))
        shape = self.model(self.x).shape
        self.teacher = 2 * torch.randn(shape)
        self.labels = torch.randint(0, classes, shape[:-1])
        self.forward = self.losses
        if variant == "compile":
            self.forward = torch.compile(self.losses)
        self.count = 0

    def losses(self, x, teacher, labels, temperature):
        return distillation_loss(self.model(x), teacher, labels, temperature)

    def temperature(self):
        self.count += 1
        return torch.tensor(20 - (self.count % 1000) / 100)

    def __call__(self, x=None, teacher=None, labels=None):
        given = (self.x, self.teacher, self.labels) if x is None else (x, teacher, labels)
        self.optimizer.zero_grad(set_to_none=True)
        self.forward(*given, self.temperature()).backward()
        self.optimizer.step()


class SoftLoss:
    def __init__(self, shape, variant):
        self.student = (2 * torch.randn(shape)).requires_grad_()
        self.teacher = 2 * torch.randn(shape)
        self.loss = torch.compile(soft_loss) if variant == "compile" else soft_loss
        self.count = 0

    def __call__(self):
        self.student.grad = None
        self.count += 1
        self.loss(self.student, self.teacher, torch.tensor(20 - (self.count % 1000) / 100)).backward()


class Epoch:
    """7,200 of MNIST's test images in batches of 64, shuffled anew, with the teacher's logits at hand."""

    size = 7200

    def __init__(self, variant):
        self.update = Update("cnn-adam", variant)
        self.images, self.labels = (part[: self.size] for part in read_mnist(mnist))
        if variant.startswith("channels-last"):
            self.images = self.images.contiguous(memory_format=torch.channels_last)
        self.teacher = torch.randn(self.size, 10)

    def __call__(self):
        for rows in torch.randperm(self.size).split(64):
            self.update(self.images[rows], self.teacher[rows], self.labels[rows])


class Inference:
    """Logits of 10,000 images in batches of 256; an evaluation counts right answers and adds up the loss as well."""

    def __init__(self, variant, judged):
        self.judged = judged
        self.model, self.x = cnn().eval(), torch.rand(10000, 1, 28, 28)
        self.labels = torch.randint(0, 10, (10000,))
        if variant == "channels-last":
            self.model = self.model.to(memory_format=torch.channels_last)
            self.x = self.x.contiguous(memory_format=torch.channels_last)
        self.forward = torch.compile(self.model) if variant == "compile" else self.model

    @torch.inference_mode()
    def __call__(self):
        if not self.judged:
            return torch.cat([self.forward(x) for x in self.x.split(256)])
        right, loss = 0, 0.0
        for x, labels in zip(self.x.split(256), self.labels.split(256)):
            logits = self.forward(x)
            right += (logits.argmax(-1) == labels).sum()
            loss += F.cross_entropy(logits, labels, reduction="sum")
        return float(right), float(loss)


# Cases of which one repetition a turn is enough.
slow = ("epoch", "start", "idx")

# What is measured now, in each of its variants: the turns come back to them.
prepared = {}


def prepare(case, variant):
    plain = variant in ("eager", "compile")
    if case == "start":
        return (lambda: first_update(variant, threads, mnist)) if plain else None
    if case in ("predict", "evaluate"):
        return Inference(variant, case == "evaluate") if "fused" not in variant else None
    if case == "idx" or case.startswith("csv:"):
        read = (lambda: read_mnist(mnist)) if case == "idx" else (lambda: read_table(case[4:]))
        return read if variant == "eager" else None
    if case.startswith("soft-loss-"):
        return SoftLoss([int(size) for size in case.split("-")[-1].split("x")], variant) if plain else None
    images = case == "epoch" or updates[case][4]
    if variant.startswith("channels-last") and not images:
        return None
    return Epoch(variant) if case == "epoch" else Update(case, variant)


def measure(case, variant, seconds):
    key = (case, variant)
    if key not in prepared:
        if any(other != case for other, _ in prepared):
            prepared.clear()
            torch._dynamo.reset()  # or its limit of recompilations would make later cases run eagerly, unseen
        run = prepare(case, variant)
        if run is None:
            return {"skip": f"{case} has no variant {variant}"}
        for _ in range(1 if case in slow else 5):
            run()
        prepared[key] = run
    run, times, end = prepared[key], [], time.perf_counter() + seconds
    while len(times) < (1 if case in slow else 5) or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return {"ms": times}


capability = torch.backends.cpu.get_cpu_capability()
print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "capability": capability}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    try:
        answer = measure(request["case"], request["variant"], request["seconds"])
    except Exception as error:  # a variant that does not work here (no compiler) is told, not fatal
        answer = {"skip": f"{type(error).__name__}: {error}".split("\n")[0][:200]}
    print(json.dumps(answer), flush=True)
