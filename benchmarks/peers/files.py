"""Reads the files that Temper reads too, with what people use for them in Python."""

import gzip

import numpy
import torch

try:
    import pandas
except ImportError:
    pandas = None


def read_mnist(folder):
    """MNIST's 10,000 test images [n, 1, 28, 28] in 0 to 1, and their labels."""
    with gzip.open(f"{folder}/t10k-images-idx3-ubyte.gz") as file:
        pixels = numpy.frombuffer(file.read(), dtype=numpy.uint8, offset=16)
    with gzip.open(f"{folder}/t10k-labels-idx1-ubyte.gz") as file:
        labels = numpy.frombuffer(file.read(), dtype=numpy.uint8, offset=8)
    images = pixels.reshape(-1, 1, 28, 28).astype(numpy.float32) / 255
    return torch.from_numpy(images), torch.from_numpy(labels.astype(numpy.int64))


def read_table(path):
    """Standardised columns and the labels in the last one."""
    table = numpy.loadtxt(path, delimiter=",", skiprows=1, dtype=numpy.float32) if pandas is None else pandas.read_csv(path).to_numpy(numpy.float32)
    inputs, labels = table[:, :-1], table[:, -1]
    inputs = (inputs - inputs.mean(0)) / inputs.std(0)
    return torch.from_numpy(inputs), torch.from_numpy(labels.astype(numpy.int64))
