"""Opens files that @charlstm/formats wrote with the real programs, and writes some with Keras for it to open.

    KERAS_BACKEND=jax python check.py FOLDER

Reads FOLDER/request.json: `windows` and `batches` (ids) and the names of the files. Writes FOLDER/answer.json: what Keras,
ONNX Runtime and the safetensors library make of each file, and what Keras computes with models of its own, which it saves
in the folder as well. No tolerances here: the TypeScript test that starts this script compares.
"""

import json
import os
import sys

import keras
import numpy as np
import onnxruntime
from safetensors import safe_open


def one_hot(ids, characters):
    return np.eye(characters, dtype="float32")[np.asarray(ids)]


def use(model, request):
    """Probabilities after each window, then the loss before each of the training steps."""
    characters = request["characters"]
    answer = {"probabilities": model.predict(one_hot(request["windows"], characters), batch_size=128, verbose=0).tolist()}
    if getattr(model, "optimizer", None) is not None:
        answer["losses"] = []
        for batch in request["batches"]:
            model.reset_metrics()  # else the mean over all steps so far comes back
            inputs, targets = one_hot(batch["inputs"], characters), one_hot(batch["targets"], characters)
            answer["losses"].append(float(model.train_on_batch(inputs, targets)))
    return answer


def run_onnx(path, request):
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    feeds = {"ids": np.asarray(request["windows"], "int64")}
    for value in session.get_inputs():
        if value.name != "ids":
            feeds[value.name] = np.zeros((1, len(request["windows"]), value.shape[2]), "float32")
    probabilities = session.run(["probabilities"], feeds)[0]
    metadata = session.get_modelmeta().custom_metadata_map
    return {"probabilities": probabilities[:, -1].tolist(), "metadata": metadata}


def read_safetensors(path):
    with safe_open(path, framework="numpy") as file:
        return {
            "metadata": file.metadata(),
            "shapes": {name: list(file.get_tensor(name).shape) for name in file.keys()},
            "sum": float(sum(np.abs(file.get_tensor(name).astype("float64")).sum() for name in file.keys())),
        }


def made_by_keras(folder, request):
    """Models that Keras makes itself; saved before and used after."""
    characters, window = request["characters"], request["window"]
    layers = keras.layers
    made = {}
    for name, optimizer in (
        ("rmsprop", keras.optimizers.RMSprop(0.01)),
        ("adam", keras.optimizers.Adam(0.01)),
    ):
        keras.utils.set_random_seed(7)
        model = keras.Sequential(
            [
                keras.Input((window, characters)),
                layers.LSTM(12, return_sequences=True),
                layers.LSTM(8),
                layers.Dense(characters, activation="softmax"),
            ]
        )
        model.compile(loss="categorical_crossentropy", optimizer=optimizer)
        model.optimizer.build(model.trainable_variables)
        model.save(os.path.join(folder, "made-%s.keras" % name))
        model.save(os.path.join(folder, "made-%s.h5" % name))
        made[name] = use(model, request)
    return made


def main(folder):
    with open(os.path.join(folder, "request.json")) as file:
        request = json.load(file)
    path = lambda name: os.path.join(folder, name)
    answer = {
        "versions": {"keras": keras.__version__, "backend": keras.backend.backend(), "onnxruntime": onnxruntime.__version__},
        "keras": {name: use(keras.models.load_model(path(name)), request) for name in request["keras"]},
        "onnx": {name: run_onnx(path(name), request) for name in request["onnx"]},
        "safetensors": {name: read_safetensors(path(name)) for name in request["safetensors"]},
        "made": made_by_keras(folder, request),
    }
    with open(path("answer.json"), "w") as file:
        json.dump(answer, file)


if __name__ == "__main__":
    main(sys.argv[1])
