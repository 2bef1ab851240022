"""k1, k2, k3: expected value, and expected gradient as a loss, by enumeration of all actions."""

import numpy as np


def policy(theta):  # (K,) logits
    return np.exp(theta) / np.sum(np.exp(theta))


def k(p, q):  # (K,) policy and reference -> (3, K), one estimate for each sampled action
    d = np.log(p / q)
    return np.stack([d, d**2 / 2, np.exp(-d) - 1 + d])


def grad(f, x, h=1e-6):  # central difference in each logit
    return np.array([(f(x + e) - f(x - e)) / (2 * h) for e in h * np.eye(len(x))])


p, q, old = np.array([0.7, 0.2, 0.1]), np.array([0.4, 0.4, 0.2]), np.array([0.5, 0.3, 0.2])
theta, kl = np.log(p), lambda a, b: a @ np.log(a / b)
assert np.allclose(k(p, q) @ p, [kl(p, q), 0.1817, kl(p, q)], atol=1e-4)  # k1, k3 unbiased, k2 not
assert k(p, q)[0].min() < 0 <= k(p, q)[1:].min()  # k1 can be negative, k2 and k3 cannot
reverse, forward = grad(lambda t: kl(policy(t), q), theta), grad(lambda t: kl(q, policy(t)), theta)
as_loss = grad(lambda t: k(policy(t), q) @ p, theta).T  # the samples p stay, autograd sees no more
assert np.allclose(as_loss, [np.zeros(3), reverse, forward], atol=1e-6)
assert np.allclose((np.eye(3) - p).T @ (p * k(p, q)[0]), reverse)  # k1 in the reward, times score
weighted = grad(lambda t: (policy(t) / old * k(policy(t), q)[2]) @ old, theta)  # samples of old
assert np.allclose(weighted, reverse, atol=1e-6) and k(p, q)[2] @ old > 1.1 * kl(p, q)
near = [kl(policy(np.log(q) + np.array([0, 1, 2]) / b), q) for b in (0.1, 1, 10)]  # q exp(r/b)
assert near[0] > near[1] > near[2] and near[2] < 0.01  # a larger beta stays closer to q
