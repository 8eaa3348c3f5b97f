"""Converts Keras files of test/fixtures with the real Python converter of TensorFlow.js (tensorflowjs 4.22.0).

    python make_tfjs_fixtures.py ../test/fixtures

Needs Python 3.11 with tensorflow-cpu==2.15.1 and `pip install --no-deps tensorflowjs==4.22.0`: what the converter imports
for other kinds of model (decision forests, hub, JAX) is replaced by empty modules.
"""

import importlib.abc
import importlib.util
import os
import sys
import types


class Stub(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (object,), {})


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name.split(".")[0] in ("tensorflow_decision_forests", "tensorflow_hub", "jax", "flax"):
            return importlib.util.spec_from_loader(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = Stub(spec.name)
        module.__path__ = []
        return module

    def exec_module(self, module):
        pass


sys.meta_path.insert(0, Finder())
import keras  # noqa: E402

sys.modules["tf_keras"] = keras
for name in [name for name in sys.modules if name.startswith("keras.")]:
    sys.modules["tf_" + name] = sys.modules[name]
from tensorflowjs.converters import keras_h5_conversion  # noqa: E402


def convert(source, folder, quantization=None, shard_bytes=4 * 1024 * 1024):
    topology, groups = keras_h5_conversion.h5_merged_saved_model_to_tfjs_format(source)
    os.makedirs(folder, exist_ok=True)
    keras_h5_conversion.write_artifacts(
        topology, groups, folder, quantization_dtype_map=quantization, weight_shard_size_bytes=shard_bytes
    )


fixtures = sys.argv[1]
# Shards of 1,000 bytes stand for the 4 MB of real models: arrays lie across their borders.
convert(fixtures + "/keras-2.7-adam-two-layers.h5", fixtures + "/tfjs-converter-shards", shard_bytes=1000)
convert(fixtures + "/keras-2.7-rmsprop.h5", fixtures + "/tfjs-converter-uint16", {"uint16": "*"})
convert(fixtures + "/keras-3.15-functional.h5", fixtures + "/tfjs-converter-keras-3")
