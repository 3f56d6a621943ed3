"""A training script from its start to its first update: imports, reads MNIST, builds a CNN, compiles it if asked, updates it.

As a program: python start.py VARIANT THREADS FOLDER prints one line after the first update.
"""

import os
import subprocess
import sys


def first_update(variant, threads, mnist):
    """Runs this file in a process of its own until the first update has been made."""
    with subprocess.Popen([sys.executable, os.path.abspath(__file__), variant, str(threads), mnist], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        line = child.stdout.readline()
        child.kill()
    if line.strip() != b"first update":
        raise RuntimeError("the script ended without an update")


def main(variant, threads, mnist):
    import torch
    from torch import nn
    from torch.nn import functional

    from files import read_mnist

    torch.set_num_threads(threads)
    images, labels = read_mnist(mnist)
    features = [nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    model = nn.Sequential(*features, nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    forward = torch.compile(model) if variant == "compile" else model
    rows = torch.randperm(len(images))[:64]
    functional.cross_entropy(forward(images[rows]), labels[rows]).backward()
    optimizer.step()
    print("first update", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
