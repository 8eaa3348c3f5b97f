"""Prints the arrays and attributes of an HDF5 file as JSON, by their paths; then adds an array to each of the root's groups.

    python read_hdf5.py FILE
"""

import json
import sys

import h5py


def plain(value):
    value = value.tolist() if hasattr(value, "tolist") else value
    decoded = lambda item: item.decode() if isinstance(item, bytes) else item
    return [decoded(item) for item in value] if isinstance(value, list) else decoded(value)


def main(path):
    found = {}

    def visit(name, item):
        found.update({f"/{name}@{key}": plain(value) for key, value in item.attrs.items()})
        if isinstance(item, h5py.Dataset):
            found["/" + name] = plain(item[()])

    with h5py.File(path, "r") as file:
        visit("", file)
        file.visititems(visit)
    print(json.dumps(found))
    with h5py.File(path, "r+") as file:
        for group in file.values():
            group["by h5py"] = 1.5


if __name__ == "__main__":
    main(*sys.argv[1:])
