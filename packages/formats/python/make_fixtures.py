"""Writes small models with whichever Keras this Python has, for test/fixtures.

    python make_fixtures.py FOLDER NAME [keras | tensorflow.keras | tf_keras]

Beside each model file lies a .json with what that Keras itself computed: probabilities for some windows and, for models
without dropout, the losses of ten further training steps. Runs on Python 3.7 to 3.13 and Keras 2.2 to 3.15.
"""

import importlib
import json
import os
import sys

import numpy as np

V, T, N, STEPS, LEARNING_RATE = 7, 5, 6, 10, 0.01
VOCABULARY = ["\n", " ", "a", "b", "é", "中", "😀"]


def version_of(keras):
    # tensorflow.keras of 2.6 to 2.15 is the package keras, and does not always say its version itself
    return getattr(keras, "__version__", None) or importlib.import_module("keras").__version__


def one_hot(ids):
    return np.eye(V, dtype=np.float32)[ids]


def optimizer(keras, name):
    makers = {
        "rmsprop": lambda k: keras.optimizers.RMSprop(**k),
        "rmsprop-momentum": lambda k: keras.optimizers.RMSprop(rho=0.85, momentum=0.5, **k),
        "adam": lambda k: keras.optimizers.Adam(**k),
        "adamw": lambda k: keras.optimizers.AdamW(weight_decay=0.01, **k),
        "sgd": lambda k: keras.optimizers.SGD(momentum=0.9, **k),
    }
    try:
        return makers[name]({"learning_rate": LEARNING_RATE})
    except TypeError:  # Keras 2.2 says lr
        return makers[name]({"lr": LEARNING_RATE})


def sequential(keras, units, dropout=0.0, **lstm):
    layers = keras.layers
    stack = []
    for k, h in enumerate(units):
        first = {"input_shape": (T, V)} if k == 0 else {}
        stack.append(layers.LSTM(h, return_sequences=k + 1 < len(units), **dict(lstm, **first)))
        if dropout:
            stack.append(layers.Dropout(dropout))
    stack.append(layers.Dense(V, activation="softmax"))
    return keras.models.Sequential(stack)


def functional(keras, units):
    layers = keras.layers
    first = x = layers.Input(shape=(T, V), name="characters")
    for k, h in enumerate(units):
        x = layers.LSTM(h, return_sequences=k + 1 < len(units), recurrent_activation="sigmoid", name="memory_%d" % k)(x)
    x = layers.Dense(V, name="scores")(x)
    return keras.models.Model(first, layers.Activation("softmax", name="probabilities")(x))


def embedding(keras):
    layers = keras.layers
    length = {} if version_of(keras)[0] == "3" else {"input_length": T}
    model = keras.models.Sequential(
        [
            layers.Embedding(V, 3, **length),
            layers.LSTM(4, recurrent_activation="sigmoid"),
            layers.Dense(V, activation="softmax"),
        ]
    )
    model.build((None, T))
    return model


def models(keras):
    sigmoid = {"recurrent_activation": "sigmoid"}
    yield "rmsprop", sequential(keras, [4], **sigmoid), "rmsprop"
    yield "adam-two-layers", sequential(keras, [4, 3], **sigmoid), "adam"
    yield "dropout", sequential(keras, [4, 3], dropout=0.25, **sigmoid), "rmsprop-momentum"
    yield "functional", functional(keras, [4, 3]), "sgd"
    yield "embedding", embedding(keras), "adam"
    yield "hard-sigmoid", sequential(keras, [4], recurrent_activation="hard_sigmoid"), "rmsprop"
    if hasattr(keras.optimizers, "AdamW"):
        yield "adamw", sequential(keras, [4], **sigmoid), "adamw"


def log_loss(probabilities, targets):
    return float(-np.mean(np.log(np.asarray(probabilities, np.float64)[np.arange(len(targets)), targets])))


def reference(model, inputs_of, with_losses):
    random = np.random.RandomState(11)
    windows = random.randint(0, V, (8, T))
    answer = {"windows": windows.tolist(), "probabilities": model.predict(inputs_of(windows), verbose=0).tolist()}
    if with_losses:
        answer["batches"] = []
        for _ in range(STEPS):
            ids, targets = random.randint(0, V, (N, T)), random.randint(0, V, N)
            loss = log_loss(model.predict(inputs_of(ids), verbose=0), targets)
            model.train_on_batch(inputs_of(ids), one_hot(targets))
            answer["batches"].append({"inputs": ids.tolist(), "targets": targets.tolist(), "loss": loss})
    return answer


def main(folder, prefix, api="keras"):
    keras = importlib.import_module(api)
    only = os.environ.get("FIXTURES", "").split()
    for name, model, optimizer_name in models(keras):
        if only and name not in only:
            continue
        np.random.seed(5)
        model.set_weights([np.random.uniform(-0.8, 0.8, w.shape) for w in model.get_weights()])
        model.compile(loss="categorical_crossentropy", optimizer=optimizer(keras, optimizer_name))
        inputs_of = (lambda ids: ids) if name == "embedding" else one_hot
        random = np.random.RandomState(3)
        for _ in range(3):  # slots that are not zero
            model.train_on_batch(inputs_of(random.randint(0, V, (N, T))), one_hot(random.randint(0, V, N)))
        formats = os.environ.get("FORMATS", "h5").split()
        for extension in formats:
            model.save(os.path.join(folder, "%s-%s.%s" % (prefix, name, extension)))
        version = {"keras": version_of(keras), "api": api, "optimizer": optimizer_name}
        answer = dict(version, **reference(model, inputs_of, "dropout" not in name))
        with open(os.path.join(folder, "%s-%s.json" % (prefix, name)), "w") as out:
            json.dump(answer, out)


if __name__ == "__main__":
    main(*sys.argv[1:])
