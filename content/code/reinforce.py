"""REINFORCE on a toy language model: a baseline changes the noise of the gradient, not its mean."""

import numpy as np


def policy(theta):  # (T, V) logits; in this toy the next token depends on its position only
    return np.exp(theta) / np.exp(theta).sum(-1, keepdims=True)


def pg(theta, y, mask, weight):  # (N, T) tokens, (N, T) answer mask, (N,) reward minus baseline
    score = np.eye(theta.shape[1])[y] - policy(theta)  # (N, T, V), gradient of each log-prob
    return (weight[:, None] * mask)[..., None] * score  # of (weight * (logp * mask).sum(1))


theta, y, r, one = np.log([[0.8, 0.2]]), np.array([[0], [1]]), np.array([1.0, 0.0]), np.ones((2, 1))
g = np.array([pg(theta, y, one, r - b)[:, 0, 0] for b in (0.0, 0.8, 0.2)])  # none, V, optimal
p, pairs = policy(theta)[0], [np.array(ij) for ij in np.ndindex(2, 2)]  # groups of G = 2
own = [pg(theta, y[s], one, r[s] - r[s].mean())[:, 0, 0].mean() * p[s].prod() for s in pairs]
assert np.allclose(g @ p, 0.16) and np.allclose((g - 0.16) ** 2 @ p, [0.0064, 0.0576, 0.0])
assert np.isclose(sum(own), 0.16 / 2)  # the baseline holds the sample: (G-1)/G
theta, rng, b, mask = np.zeros((3, 4)), np.random.default_rng(0), 0.0, np.array([[1, 1, 0]])
for _ in range(400):  # sample, score, step
    y = np.stack([rng.choice(4, size=32, p=row) for row in policy(theta)], axis=1)  # (32, 3)
    r = np.mean(y[:, :2] == [1, 2], axis=1)  # a verifier of the first two tokens
    theta, b = theta + 0.5 * pg(theta, y, mask, r - b).mean(0), r.mean()  # b: from the last batch
assert policy(theta)[0, 1] * policy(theta)[1, 2] > 0.95 and not theta[2].any()  # masked: untouched
