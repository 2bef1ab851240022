"""Logits at position t score the token at t + 1: the shift, and what goes wrong without it."""

import numpy as np


def log_softmax(z):
    return z - np.log(np.sum(np.exp(z), axis=-1, keepdims=True))


def token_logp(logits, tokens):  # (B, T, V), (B, T) -> (B, T - 1), entry t belongs to token t + 1
    logp = log_softmax(logits[:, :-1])  # the last position predicts a token that is not there
    return np.take_along_axis(logp, tokens[:, 1:, None], axis=-1)[..., 0]  # .gather(-1, ...)


tokens = np.array([[3, 1, 2, 0, 0]])  # prompt 3 1, answer 2 0 with 0 the end token, one padding
mask = np.array([[0, 0, 1, 1, 0]])  # of tokens: both answer tokens, the end token included
logits = np.zeros((1, 5, 4))
logits[0, 1, 2] = logits[0, 2, 0] = 5.0  # position 1 predicts the 2, position 2 the end token
right = np.sum(token_logp(logits, tokens) * mask[:, 1:])  # shift the mask along with the tokens
unshifted = np.take_along_axis(log_softmax(logits), tokens[..., None], axis=-1)[..., 0]
assert np.isclose(right, -0.04, atol=1e-3)  # the model wrote what it predicts
assert np.isclose(np.sum(unshifted * mask), -6.4, atol=0.1)  # off by one: the answer looks unlikely
assert np.isclose(np.sum(token_logp(logits, tokens) * mask[:, :-1]), -1.41, atol=0.01)  # mask only
