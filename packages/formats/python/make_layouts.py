"""Lays models of test/fixtures out as other programs do, for test/fixtures/layouts: the same numbers, so that what is read must be equal.

    python make_layouts.py ../test/fixtures

Needs the packages of requirements.txt.
"""

import io
import json
import os
import sys
import zipfile

os.environ["KERAS_BACKEND"] = "jax"
import h5py
import keras
import ml_dtypes
import numpy as np

fixtures = sys.argv[1]
out = fixtures + "/layouts"
os.makedirs(out, exist_ok=True)


def copy(source, target, dataset):
    """Copies groups and attributes; `dataset` writes the arrays."""
    target.attrs.update(source.attrs)
    for name, item in source.items():
        if isinstance(item, h5py.Group):
            copy(item, target.create_group(name), dataset)
        else:
            dataset(target, name, item[()])


def plain(group, name, value):
    group[name] = value


def chunked(group, name, value):
    if np.ndim(value) == 0:
        group[name] = value
        return
    chunks = tuple(min(size, 3 + 2 * axis) for axis, size in enumerate(value.shape))
    group.create_dataset(name, data=value, chunks=chunks, compression="gzip", shuffle=True, fletcher32=value.ndim == 1)


kinds = 0


def indexed(group, name, value):
    """A fixed array, an extensible array and a B-tree of chunks in turn."""
    global kinds
    if np.ndim(value) == 0:
        group[name] = value
        return
    kinds += 1
    limits = [value.shape, (None, *value.shape[1:]), (None,) * value.ndim][kinds % 3]
    chunks = tuple(min(size, 3 + 2 * axis) for axis, size in enumerate(value.shape))
    made = dict(compression="gzip", shuffle=True) if kinds % 2 else dict(fletcher32=True)
    group.create_dataset(name, data=value, chunks=chunks, maxshape=limits, **made)


with h5py.File(fixtures + "/keras-2.7-rmsprop.h5") as source:
    # gzip and shuffle, chunks that reach over the edge, and a layer behind soft links.
    with h5py.File(out + "/chunked.h5", "w") as file:
        copy(source, file, chunked)
        del file["optimizer_weights"], file.attrs["training_config"]
        layer = file["model_weights"].attrs["layer_names"][0]
        layer = layer.decode() if isinstance(layer, bytes) else layer
        file.move("model_weights/" + layer, "moved")
        file["model_weights/first"] = h5py.SoftLink("/moved")
        file["model_weights/" + layer] = h5py.SoftLink("first")
    # The same with every index of chunks that libver="latest" has.
    with h5py.File(out + "/chunked-latest.h5", "w", libver="latest") as file:
        copy(source, file, indexed)
    # What save_weights of Keras 2 writes.
    with h5py.File(out + "/keras-2-weights.h5", "w") as file:
        copy(source["model_weights"], file, plain)
    with open(out + "/keras-2-weights.json", "w") as file:
        file.write(json.dumps(dict(json.loads(source.attrs["model_config"]), keras_version="2.7.0")))
    # CuDNNLSTM, as `preprocess_weights_for_loading` of Keras 2 converts: blocks turned, the bias in two halves.
    with h5py.File(out + "/cudnn.h5", "w") as file:
        copy(source, file, plain)
        config = json.loads(file.attrs["model_config"])
        for layer in config["config"]["layers"]:
            if layer["class_name"] == "LSTM":
                layer["class_name"] = "CuDNNLSTM"
                for key in ("activation", "recurrent_activation", "use_bias", "dropout", "recurrent_dropout"):
                    layer["config"].pop(key, None)
                group = file["model_weights"][layer["config"]["name"]]
                kernel, recurrent, bias = (name for name in group.attrs["weight_names"])
                blocks = lambda array: np.hsplit(array, 4)
                group[kernel][...] = np.hstack([block.T.reshape(block.shape, order="C") for block in blocks(group[kernel][()])])
                group[recurrent][...] = np.hstack([block.T for block in blocks(group[recurrent][()])])
                value = group[bias][()]
                del group[bias]
                group[bias] = np.concatenate([0.25 * value, 0.75 * value])
        file.attrs["model_config"] = json.dumps(config)
        del file["optimizer_weights"], file.attrs["training_config"]

model = keras.models.load_model(fixtures + "/keras-3.15-adam-two-layers.keras", compile=False)
model.save_weights(out + "/keras-3.weights.h5")



def half(group, name, value):
    """As Keras 3 keeps bfloat16, which HDF5 has no type for: two bytes without a meaning, and an attribute that says it."""
    if np.ndim(value) == 0:
        group[name] = value
        return
    value = value.astype(ml_dtypes.bfloat16)
    group.create_dataset(name, data=value).attrs["dtype"] = "bfloat16"
    expected[group.name + "/" + name] = value.astype("float32").ravel().tolist()


expected = {}
with zipfile.ZipFile(fixtures + "/keras-3.15-rmsprop.keras") as source:
    entries = {name: source.read(name) for name in source.namelist()}
buffer = io.BytesIO()
with h5py.File(io.BytesIO(entries["model.weights.h5"])) as source, h5py.File(buffer, "w") as file:
    copy(source, file, half)
with zipfile.ZipFile(out + "/bfloat16.keras", "w") as file:
    for name, content in entries.items():
        file.writestr(name, buffer.getvalue() if name == "model.weights.h5" else content)
with open(out + "/bfloat16.json", "w") as file:
    json.dump({name: values for name, values in expected.items() if name.startswith("/layers")}, file)
