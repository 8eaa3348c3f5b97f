"""Writes arrays in chunks, by every index of chunks and every filter that h5py has: FOLDER/chunks-<libver>.h5, and chunks-many.h5.

    python make_chunks.py FOLDER

An element is a quarter of its number in the array, counted from 0; what was never written is -1. Needs the packages of requirements.txt.
"""

import sys

import h5py
import numpy as np


def numbers(shape):
    return (np.arange(np.prod(shape), dtype="float32") / 4).reshape(shape)


def array(file, name, shape, chunks, *, maxshape=None, written=None, early=False, **filters):
    """An array, of which all is written or what `written` selects; made below h5py's own functions, which lack some settings."""
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_chunk(chunks)
    plist.set_fill_value(np.array(-1, dtype="float32"))
    plist.set_fill_time(h5py.h5d.FILL_TIME_ALLOC)
    if early:
        plist.set_alloc_time(h5py.h5d.ALLOC_TIME_EARLY)
    if filters.get("shuffle"):
        plist.set_shuffle()
    if filters.get("gzip"):
        plist.set_deflate(filters["gzip"])
    if filters.get("fletcher32"):
        plist.set_fletcher32()
    limits = tuple(h5py.h5s.UNLIMITED if m is None else m for m in (maxshape or shape))
    space = h5py.h5s.create_simple(shape, limits)
    made = h5py.h5d.create(file.id, name.encode(), h5py.h5t.IEEE_F32LE, space, plist)
    dataset = h5py.Dataset(made)
    where = written or (slice(None),) * len(shape)
    dataset[where] = numbers(shape)[where]


def everything(file):
    all_filters = {"shuffle": True, "gzip": 6, "fletcher32": True}
    for suffix, filters in [("", {}), ("-filtered", all_filters), ("-checksum", {"fletcher32": True})]:
        array(file, "single" + suffix, (3, 4), (3, 4), **filters)
        array(file, "fixed" + suffix, (7, 5, 3), (2, 2, 2), **filters)
        array(file, "fixed-room" + suffix, (7, 5), (2, 2), maxshape=(9, 20), **filters)
        array(file, "growing" + suffix, (7, 5, 3), (2, 2, 2), maxshape=(None, 5, 3), **filters)
        array(file, "growing-last" + suffix, (7, 5, 3), (2, 2, 2), maxshape=(7, 8, None), **filters)
        array(file, "tree" + suffix, (7, 5), (2, 2), maxshape=(None, None), **filters)
    array(file, "implicit", (7, 5), (2, 2), maxshape=(9, 20), early=True)
    # More than one page, node or block of each.
    array(file, "fixed-pages", (2600,), (1,), written=(slice(1100, None),))
    array(file, "growing-long", (1300,), (1,), maxshape=(None,))
    array(file, "growing-long-filtered", (300,), (1,), maxshape=(None,), shuffle=True)
    array(file, "tree-deep", (20, 40), (1, 2), maxshape=(None, None))
    # Parts that were never written.
    for name, limits in [("fixed", None), ("growing", (None, 5)), ("tree", (None, None)), ("single", None)]:
        chunks = (9, 5) if name == "single" else (2, 2)
        array(file, name + "-empty", (9, 5), chunks, maxshape=limits, written=(slice(0, 0),))
        if name != "single":
            array(file, name + "-sparse", (9, 5), chunks, maxshape=limits, written=(slice(4, 6), slice(2, 4)))


def main(folder):
    for libver in ["earliest", "v110", "latest"]:
        with h5py.File(f"{folder}/chunks-{libver}.h5", "w", libver=(libver, "latest")) as file:
            everything(file)
    # So many that the blocks of an extensible array have pages.
    with h5py.File(f"{folder}/chunks-many.h5", "w", libver="latest") as file:
        array(file, "many", (140_000,), (1,), maxshape=(None,))
        array(file, "many-sparse", (140_000,), (1,), maxshape=(None,), written=(slice(136_000, None),))


if __name__ == "__main__":
    main(*sys.argv[1:])
