"""Weights between sampler and learner: truncated or masked, their bias, effective sample size."""

import numpy as np


def weights(logp, mu, mask, cap=np.inf, drop=False):  # (B, T) trainer and engine, same tokens
    w = np.exp(logp - mu) * mask  # pi_old / mu per token, a constant: .detach()
    return np.where(w > cap, 0.0, w) if drop else np.minimum(w, cap)


def effective(w):  # this many samples of equal weight would be as good
    return np.sum(w) ** 2 / np.sum(w**2)


def loss(logp, old, a, w, mask, eps=0.2):  # clip around pi_old, correct for mu by w
    rho = np.exp(logp - old)
    gain = np.minimum(rho * a, np.clip(rho, 1 - eps, 1 + eps) * a)
    return -np.sum(mask * w * gain) / np.sum(mask)


mu, mask = np.log(np.array([[0.4, 0.6, 0.3, 0.1, 0.01]])), np.array([[1, 1, 1, 1, 0]])
old = np.log(np.array([[0.2, 0.3, 0.3, 0.8, 0.99]]))  # the engine gave the fourth token 0.1
plain, capped = weights(old, mu, mask), weights(old, mu, mask, cap=2)
assert np.allclose(plain, [[0.5, 0.5, 1, 8, 0]]) and np.allclose(capped, [[0.5, 0.5, 1, 2, 0]])
sizes = [effective(w) for w in (plain, capped, weights(old, mu, mask, cap=2, drop=True))]
assert np.allclose(sizes, [1.53, 2.91, 2.67], atol=0.01)
assert np.isclose(loss(old, old, 1.0, plain, mask), -2.5)  # first update: rho = 1, no clip
q, p = np.log([[0.8, 0.2]]), np.log([[0.5, 0.5]])  # all two answers; the second scores 1
means = [weights(p, q, 1, *c)[0] @ [0, 0.2] for c in ((), (2,), (2, True))]
assert np.allclose(means, [0.5, 0.4, 0.0])  # truth 0.5: truncation and masking are biased
