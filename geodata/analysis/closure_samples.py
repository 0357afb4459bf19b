"""Drawn closures: which uncertain segments are open in each sample, 64 samples in a word.

The random numbers of a block of samples depend on the seed and the number of the block only
(Philox, a counter-based generator: Salmon et al., Parallel random numbers: as easy as 1, 2, 3,
2011), so that blocks may be drawn in any order, anywhere.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from geodata.analysis.common_shocks import NO_SWITCH
from geodata.analysis.uncertain_network import UncertainNetwork

WORD: Final = 64
BLOCK_WORDS: Final = 16
BLOCK: Final = WORD * BLOCK_WORDS
"""Samples in a block."""
ROWS_AT_ONCE: Final = 4096
BITS: Final = 32
"""Binary places to which a probability is drawn: an error of at most 1.2e-10."""


def blocks_of(samples: int) -> range:
    """Return the numbers of the blocks that hold so many samples; the last may hold more."""
    return range(-(-samples // BLOCK))


def open_words(uncertain: UncertainNetwork, *, seed: int, block: int) -> NDArray[np.uint64]:
    """In which samples of a block each uncertain edge is open.

    Parameters
    ----------
    uncertain : UncertainNetwork
    seed : int
        From 0 to 2**64 - 1.
    block : int

    Returns
    -------
    array of uint64, shape (n_edges, BLOCK_WORDS)
    """
    source = np.random.Philox(key=np.array([seed, block], dtype=np.uint64))
    switches = bernoulli_words(uncertain.on[:, None], source)[:, 0]
    closed = bernoulli_words(uncertain.while_off[:, None], source)[:, 0]
    switched = np.flatnonzero(uncertain.switch != NO_SWITCH)
    on = bernoulli_words(uncertain.while_on[switched, None], source)[:, 0]
    is_on = switches[uncertain.switch[switched]]
    closed[switched] = (closed[switched] & ~is_on) | (on & is_on)
    opened: NDArray[np.uint64] = ~closed
    return opened


def bernoulli_words(
    probability: NDArray[np.float64], source: np.random.Philox
) -> NDArray[np.uint64]:
    """Return the words whose bits are 1 with a given probability.

    The binary places of a probability are worked through from the last to the first, one random
    word for each: "or" where the place is 1, "and" where it is 0. Probabilities of one row share
    their random words, so that the higher one's bits include the lower one's.

    Parameters
    ----------
    probability : array of float, shape (n_rows, n_columns)
    source : Philox

    Returns
    -------
    array of uint64, shape (n_rows, n_columns, BLOCK_WORDS)
    """
    rows, columns = probability.shape
    words = np.zeros((rows, columns, BLOCK_WORDS), dtype=np.uint64)
    # Some rows at a time, so that they stay in the processor's cache.
    for begin in range(0, rows, ROWS_AT_ONCE):
        some = words[begin : begin + ROWS_AT_ONCE]
        scaled = np.rint(probability[begin : begin + ROWS_AT_ONCE] * 2.0**BITS).astype(np.uint64)
        for place in range(BITS):
            drawn = source.random_raw(len(some) * BLOCK_WORDS).reshape(-1, 1, BLOCK_WORDS)
            # Where the place is 1: a or b is not (not a and not b).
            ones = (~np.uint64(0) * (scaled >> np.uint64(place) & np.uint64(1)))[:, :, None]
            some ^= ones
            some &= drawn ^ ones
            some ^= ones
        some[scaled == 2**BITS] = ~np.uint64(0)
    return words


def as_bits(words: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return the words as one truth value for each sample, shape (n_rows, n_samples)."""
    little = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
    return np.unpackbits(little, axis=1, bitorder="little").astype(bool)
