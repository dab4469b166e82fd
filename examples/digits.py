"""Trains a multilayer perceptron on scikit-learn's handwritten digits, in compiled C.

    pip install "modc[examples]"
    python examples/digits.py

Every training step is one kernel: the rows of a minibatch are gathered from a member, the forward
and backward passes run, and weights and velocities are updated in place.
"""

from __future__ import annotations

import time

import numpy as np
from rich.console import Console
from rich.progress import track
from sklearn.datasets import load_digits

import modc.tensor as T
from modc import Method, Module, grad

BATCH, EPOCHS, SEED = 32, 35, 1


class Layer(Module):
    """activation(x @ w + b), with a velocity for each parameter."""

    def __init__(self, n_in: int, n_out: int, activation) -> None:
        super().__init__()
        self.w, self.b = T.fmatrix(shape=(n_in, n_out)), T.fvector(shape=(n_out,))
        self.v_w, self.v_b = self.w.type(), self.b.type()
        self._activation = activation

    def output(self, x):
        """What the layer gives for the rows of x."""
        return self._activation(T.dot(x, self.w) + self.b)

    def momentum(self, cost, rate, mu):
        """The updates of one step of gradient descent with momentum."""
        updates = {}
        for parameter, velocity in ((self.w, self.v_w), (self.b, self.v_b)):
            updates[velocity] = mu * velocity - rate * grad(cost, parameter)
            updates[parameter] = parameter + updates[velocity]
        return updates

    def _instance_initialize(self, inst, rng) -> None:
        n_in, n_out = self.w.type.shape
        bound = np.sqrt(6 / (n_in + n_out))
        inst.w = rng.uniform(-bound, bound, (n_in, n_out)).astype("float32")
        inst.v_w = np.zeros((n_in, n_out), "float32")
        inst.b = inst.v_b = np.zeros(n_out, "float32")


class Digits(Module):
    """Layers in a list, the data as members, and the Methods that train and test."""

    def __init__(self, sizes=(64, 128, 64, 10)) -> None:
        super().__init__()
        self.images, self.labels = T.fmatrix(shape=(None, sizes[0])), T.lvector()
        self.rate, self.mu = T.fscalar(init=0.1), T.fscalar(init=0.9)
        rows, x = T.lvector("rows"), T.fmatrix("x", shape=(None, sizes[0]))

        activations = [T.tanh] * (len(sizes) - 2) + [T.nnet.softmax]
        self.layers = [Layer(*shape, f) for *shape, f in zip(sizes, sizes[1:], activations, strict=False)]
        cost = T.nnet.categorical_crossentropy(self._network(self.images[rows]), self.labels[rows]).mean()
        updates = {}
        for layer in self.layers:
            updates.update(layer.momentum(cost, self.rate, self.mu))
        self.train = Method(rows, cost, updates, doc="One step on the images numbered `rows`; gives the cost.")
        self.predict = Method(x, T.argmax(self._network(x), axis=1), doc="The digit in each row of `x`.")

    def _network(self, x):
        for layer in self.layers:
            x = layer.output(x)
        return x

    def _instance_initialize(self, inst, images, labels, seed=SEED) -> None:
        inst.images, inst.labels = images, labels
        rng = np.random.default_rng(seed)
        for layer in inst.layers:
            layer.initialize(rng)


def data(seed: int = SEED):
    """1797 images of 8 x 8 pixels in 0..1, shuffled: 1437 to train, 360 to test."""
    digits = load_digits()
    order = np.random.default_rng(seed).permutation(len(digits.target))
    images, labels = (digits.data[order] / 16).astype("float32"), digits.target[order]
    return images[:1437], labels[:1437], images[1437:], labels[1437:]


def main() -> float:
    """Train, print what happened, and return the accuracy on the test images."""
    console = Console()
    images, labels, test_images, test_labels = data()

    begin = time.perf_counter()
    net = Digits().make(images, labels)
    seconds = time.perf_counter() - begin
    origin = "from the cache" if net.train.cache_hit and net.predict.cache_hit else "compiled now"
    console.print(f"make() took {1e3 * seconds:.0f} ms; kernels {origin}; C and machine code are in")
    for method in (net.train, net.predict):
        console.print(f"  {method.path}", soft_wrap=True, highlight=False)
    console.print("to read the C: modc show examples/digits.py:Digits.train --stage c", highlight=False)

    rng = np.random.default_rng(SEED)
    begin = time.perf_counter()
    for epoch in track(range(EPOCHS), "training", console=console):
        net.rate = 0.1 if epoch < 20 else 0.02
        order = rng.permutation(len(labels))
        cost = np.mean([net.train(order[i : i + BATCH]) for i in range(0, len(order) - BATCH + 1, BATCH)])
    seconds = time.perf_counter() - begin
    accuracy = float(np.mean(net.predict(test_images) == test_labels))
    console.print(f"{EPOCHS} epochs in {seconds:.2f} s, final cost {cost:.4f}, test accuracy {100 * accuracy:.1f} %")
    return accuracy


if __name__ == "__main__":
    main()
