import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import "@tensorflow/tfjs-backend-cpu";
import { createDiskStore, loadNewest } from "@charlstm/model/checkpoint";
import { readNovel } from "@charlstm/novel";
import { createEngineBackend, generate, presets, train } from "@charlstm/training";
import { createTfjsBackend } from "@charlstm/training/tfjs";
import { createVocabulary, encode } from "@charlstm/vectorize";
import * as tf from "@tensorflow/tfjs-core";

const novel = readNovel().slice(0, 60_000);
const vocabulary = createVocabulary(novel);
const text = { ids: encode(novel, vocabulary), vocabulary };
const tfjsText = { ids: text.ids.subarray(0, 2000), vocabulary };

/** Settings of one life: both objectives in turn. */
function settingsOf(life) {
  const preset = life % 2 === 0 ? presets.quick : { ...presets.notebook, stride: 17 };
  return { ...preset, units: [64], window: 32, batch: 32, dropout: 0.1, epochs: 3, sampleLength: 200, seed: life };
}

/** What a backend is made with. */
function backendOptions({ units, dropout, window, batch, objective, optimizer, clipNorm, seed }) {
  const architecture = { vocabularySize: vocabulary.size, window, units, dropout };
  return { architecture, objective, optimizer, clipNorm, rows: batch, seed };
}

/** Trains, is aborted in its second epoch, goes on from the disk, writes, and is aborted while it writes. */
export async function liveOnce(life) {
  const folder = mkdtempSync(join(tmpdir(), "charlstm-soak-"));
  try {
    const store = createDiskStore(folder);
    const settings = settingsOf(life);
    const threads = 1 + (life % 3 === 0 ? 1 : 0);
    await withBackend(
      () => createEngineBackend({ ...backendOptions(settings), threads }),
      async (backend) => {
        await trainUntil(backend, { settings, store }, (event) => event.epoch === 2 && event.stepInEpoch === 3);
      },
    );
    await withBackend(
      () => createTfjsBackend({ ...backendOptions({ ...settings, units: [8] }) }),
      async (backend) => {
        await tf.setBackend("cpu");
        const small = { ...settings, units: [8], epochs: 1, sampleLength: 5 };
        await trainUntil(backend, { settings: small }, (event) => event.step === 2, tfjsText);
      },
    );
    return await withBackend(
      () => createEngineBackend({ ...backendOptions(settings), threads }),
      async (backend) => {
        const { checkpoint } = await loadNewest(store);
        const end = await trainUntil(backend, { settings, store, resume: checkpoint }, () => false);
        await writeUntilAborted(backend);
        return { loss: end.history.at(-1).loss };
      },
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function withBackend(create, use) {
  await tf.setBackend("cpu");
  const backend = await create();
  try {
    return await use(backend);
  } finally {
    await backend.dispose();
  }
}

/** Aborts the run at the first update that `isEnough` says yes to; the run's last event. */
async function trainUntil(backend, options, isEnough, data = text) {
  const controller = new AbortController();
  const enough = new Error("enough");
  let last;
  try {
    for await (const event of train(backend, data, { ...options, signal: controller.signal })) {
      last = event;
      if (event.type === "step-end" && isEnough(event)) controller.abort(enough);
    }
  } catch (error) {
    if (error !== enough) throw error;
  }
  return last;
}

/** One text that is broken off, one that is aborted. */
async function writeUntilAborted(backend) {
  const options = { prompt: novel.slice(0, 40), length: 5000, count: 3, seed: 1 };
  let written = 0;
  for await (const _ of generate(backend, vocabulary, options)) if (++written === 700) break;
  const controller = new AbortController();
  const enough = new Error("enough");
  try {
    for await (const _ of generate(backend, vocabulary, { ...options, signal: controller.signal })) {
      if (++written === 1400) controller.abort(enough);
    }
  } catch (error) {
    if (error !== enough) throw error;
  }
}

/** A model of the novel that is good enough to write with. */
export async function trainedBackend() {
  const settings = { ...settingsOf(0), epochs: 8, dropout: 0, seed: 7, temperatures: [] };
  const backend = await createEngineBackend({ ...backendOptions(settings), threads: 1 });
  for await (const _ of train(backend, text, { settings })); // to the end
  return { backend, vocabulary, prompt: novel.slice(0, 40) };
}
