"""A digit reader for a web page: trained in Python by digits.py, exported, and taught on in the page.

    pip install "modc[examples]"
    python examples/embed_web/reader.py
    modc export examples/embed_web/reader.py:trained --out build/reader

The export holds the trained weights and two functions: `classify` an image, and `learn` from one,
a step of gradient descent for somebody whose sevens look different.
"""

from __future__ import annotations

import os
import sys

import numpy as np

import modc.tensor as T
from modc import Method, Module, grad

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from digits import BATCH, SEED, Digits, data
from strokes import drawings

#: Drawings of each digit are learned beside the scanned images.
HIDDEN, EPOCHS, DRAWN = 40, 12, 100


class Reader(Module):
    """The layers of Digits without what is needed to train them on many images at once."""

    def __init__(self, layers) -> None:
        super().__init__()
        image = T.fvector("image", shape=(64,))
        image.tag.doc = "Ink in 8 x 8 pixels, row by row, from 0 to 1"
        digit, rate = T.iscalar("digit"), T.fscalar("rate")
        digit.tag.doc, rate.tag.doc = "What it should be read as", "How strongly to learn from it"

        self.layers = [Module(w=T.fmatrix(shape=w.shape, init=w), b=T.fvector(shape=b.shape, init=b)) for w, b in layers]
        first, second = self.layers
        hidden = T.tanh(T.dot(image, first.w) + first.b)
        probabilities = T.softmax(T.dot(hidden, second.w) + second.b)
        probabilities.name, probabilities.tag.doc = "probabilities", "Of the digits from 0 to 9"
        cost = -T.log_softmax(T.dot(hidden, second.w) + second.b)[digit]
        cost.name, cost.tag.doc = "cost", "How surprising the digit was: -log(its probability)"
        weights = [first.w, first.b, second.w, second.b]
        updates = {w: w - rate * slope for w, slope in zip(weights, grad(cost, weights), strict=True)}
        self.classify = Method(image, probabilities, doc="How probable each digit is.")
        self.learn = Method([image, digit, rate], cost, updates, doc="Makes `digit` more probable for this image.")


def shifted(images, labels):
    """The images, and each of them moved by a pixel to all four sides: nobody draws in the middle."""
    squares = images.reshape(-1, 8, 8)
    padded = np.pad(squares, ((0, 0), (1, 1), (1, 1)))
    moves = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    return np.concatenate([padded[:, y : y + 8, x : x + 8] for y, x in moves]).reshape(-1, 64), np.tile(labels, 5)


def trained():
    """A Reader with the weights of a Digits that was trained, made."""
    drawn, meant = drawings(np.random.default_rng(SEED), DRAWN)
    images, labels = data()[:2]
    images, labels = shifted(np.concatenate([images, drawn.astype("float32")]), np.concatenate([labels, meant]))
    net = Digits((64, HIDDEN, 10)).make(images, labels)
    rng = np.random.default_rng(SEED)
    for epoch in range(EPOCHS):
        net.rate = 0.1 if epoch < EPOCHS // 2 else 0.02
        order = rng.permutation(len(labels))
        for i in range(0, len(order) - BATCH + 1, BATCH):
            net.train(order[i : i + BATCH])
    return Reader([(np.array(layer.w), np.array(layer.b)) for layer in net.layers]).make()


def main() -> float:
    """Train, print what happened, and return the accuracy on the test images."""
    reader, (_, _, images, labels) = trained(), data()
    accuracy = float(np.mean([reader.classify(image).argmax() == label for image, label in zip(images, labels, strict=True)]))
    print(f"test accuracy {100 * accuracy:.1f} %")
    drawn, meant = drawings(np.random.default_rng(SEED + 1), 20)
    right = [reader.classify(image.astype("float32")).argmax() == label for image, label in zip(drawn, meant, strict=True)]
    print(f"of other drawings {100 * np.mean(right):.1f} %")
    image, wrong = images[0], (labels[0] + 1) % 10
    costs = [float(reader.learn(image, wrong, 0.1)) for _ in range(20)]
    print(f"taught to read a {labels[0]} as {wrong}: cost {costs[0]:.2f}, after 20 steps {costs[-1]:.2f}")
    return accuracy


if __name__ == "__main__":
    main()
