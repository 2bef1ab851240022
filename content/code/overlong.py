"""DAPO's soft penalty for overlong answers: nothing, then linear, then -1."""

import numpy as np


def length_penalty(length, limit=20480, buffer=4096):  # added to the reward for correctness
    return np.clip((limit - buffer - length) / buffer, -1.0, 0.0)


length = np.array([4096, 16384, 18432, 20480, 30000])
assert np.allclose(length_penalty(length), [0, 0, -0.5, -1, -1])
assert 1 + length_penalty(18432) == 0.5  # a right answer, +1, in the middle of the buffer
