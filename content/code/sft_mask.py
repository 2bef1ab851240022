"""SFT loss: labels that hide prompt, later user turns and padding; mean over answer tokens."""

import numpy as np

IGNORE, EOS = -100, 2  # -100: skipped by torch.nn.functional.cross_entropy


def make_labels(ids, is_answer):  # (B, T) tokens, (B, T) of 0 and 1 -> (B, T)
    return np.where(is_answer == 1, ids, IGNORE)  # by position, so an end token can be a label


def sft_loss(logits, labels):  # (B, T, V), (B, T)
    z, y = logits[:, :-1], labels[:, 1:]  # the logits at t predict token t + 1
    keep = y != IGNORE
    logp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    nll = -np.take_along_axis(logp, np.where(keep, y, 0)[..., None], axis=-1)[..., 0]
    return (nll * keep).sum() / keep.sum()  # every answer token weighs the same


ids = np.array([[5, 6, 7, 8, 9, EOS, EOS, EOS], [5, 1, 7, EOS, 6, 1, 8, EOS]])  # padding is EOS too
is_answer = np.array([[0, 0, 0, 1, 1, 1, 0, 0], [0, 0, 1, 1, 0, 0, 1, 1]])  # row 2: two turns
labels = make_labels(ids, is_answer)
assert labels.tolist()[0] == [IGNORE] * 3 + [8, 9, EOS] + [IGNORE] * 2  # the stop is learned
logits = np.zeros((2, 8, 10))  # uniform over 10 tokens
logits[0, np.arange(7), ids[0, 1:]] = np.log(9)  # row 1 gives each next token 9/18
assert np.isclose(sft_loss(logits, labels), (3 * np.log(2) + 4 * np.log(10)) / 7)  # not 1/2, 1/2
logits[:, 0] = 50 * np.eye(10)[3]  # a wild guess inside the prompt
assert np.isclose(sft_loss(logits, labels), (3 * np.log(2) + 4 * np.log(10)) / 7)  # costs nothing
