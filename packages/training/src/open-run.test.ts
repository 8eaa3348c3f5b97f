import { type CheckpointStore, ModelError } from "@charlstm/model/checkpoint";
import { expect, test } from "vitest";
import { openRun, pruneCheckpoints } from "./open-run.js";
import { presets } from "./presets.js";
import type { Run } from "./run.js";

/** A store of names in the order in which a store lists them. */
function storeOf(names: string[], { refused }: { refused?: string } = {}): CheckpointStore {
  const unused = () => Promise.reject(new Error("not asked for"));
  return {
    list: async () => [...names],
    async remove(name) {
      if (name === refused) throw new ModelError("OCCUPIED", "it also holds notes.txt");
      names.splice(names.indexOf(name), 1);
    },
    ...{ save: unused, load: unused },
  };
}

const run = (best?: number) =>
  ({ options: { keep: 2 }, state: { progress: { best: best && { epoch: best, loss: 1 } } } }) as unknown as Run;

test("past epoch 9999 the newest checkpoints are kept, not those whose names sort last as text", async () => {
  const names = ["epoch-9998", "epoch-9999", "epoch-10000", "epoch-10001"];
  await pruneCheckpoints(run(), storeOf(names));
  expect(names).toEqual(["epoch-10000", "epoch-10001"]);
});

test("the best checkpoint is kept, and so is one that others keep files in", async () => {
  const names = ["epoch-0001", "epoch-0002", "epoch-0003", "epoch-0004", "epoch-0005"];
  await pruneCheckpoints(run(2), storeOf(names, { refused: "epoch-0001" }));
  expect(names).toEqual(["epoch-0001", "epoch-0002", "epoch-0004", "epoch-0005"]);
});

test("an error of the disk ends the pruning", async () => {
  const store = { ...storeOf(["a", "b", "c"]), remove: () => Promise.reject(new Error("EIO")) };
  await expect(pruneCheckpoints(run(), store)).rejects.toThrow("EIO");
});

test.each([
  [{ keep: 0 }, "keep is 0, it has to be a whole number above 0"],
  [{ keep: -1 }, "keep is -1, it has to be a whole number above 0"],
  [{ keep: 1.5 }, "keep is 1.5, it has to be a whole number above 0"],
  [{ checkpointMinutes: 0 }, "checkpointMinutes is 0, it has to be a number above 0"],
  [{ checkpointMinutes: Number.NaN }, "checkpointMinutes is NaN, it has to be a number above 0"],
])("how a run is saved is checked before it begins: %j", async (saving, message) => {
  const opened = openRun({} as never, { ids: new Uint8Array() } as never, { settings: presets.quick, ...saving });
  const [[name, given]] = Object.entries(saving) as [[string, number]];
  const expected = message.slice(message.indexOf("it has to be ") + 13);
  await expect(opened).rejects.toMatchObject({ code: "BAD_OPTION", message, details: { name, given, expected } });
});
