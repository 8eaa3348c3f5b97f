import "fake-indexeddb/auto";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { saveText } from "../files/library.js";
import type { CleaningChoices } from "../logic/clean-texts.js";
import { createTextService } from "./text-service.js";

// As browsers find it: Node's half has no IndexedDB.
vi.mock("@charlstm/model/checkpoint", () => import("../../node_modules/@charlstm/model/dist/checkpoint.js"));

const cleaning: CleaningChoices = { recipe: "gutenberg", foldCase: false, unwrap: false };
const fileOf = (name: string, bytes: string | Uint8Array<ArrayBuffer>) => ({ name, file: new File([bytes], name) });

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A host whose texts these are; it remembers what it was asked for. */
function host(texts: Readonly<Record<string, string>>): string[] {
  const asked: string[] = [];
  vi.stubGlobal("self", { location: { href: "http://page.example/" } });
  vi.stubGlobal("fetch", async ({ pathname }: URL) => {
    asked.push(pathname);
    const text = texts[pathname];
    return text === undefined ? new Response("none", { status: 404 }) : new Response(gzipSync(text));
  });
  return asked;
}

test("a text that was pasted is cleaned, counted by its characters, and open from then on", async () => {
  const service = createTextService();
  expect(service.open).toBeUndefined();
  const summary = await service.openText({ kind: "text", text: "a😀 b\r\nA" }, { ...cleaning, foldCase: true });
  expect(summary).toMatchObject({ title: "Your text", bundled: undefined, characters: 6, start: "a😀 b\na" });
  expect(summary.vocabulary).toEqual(["\n", " ", "a", "b", "😀"]);
  expect(summary.texts).toMatchObject([{ name: "Your text", characters: 6, cuts: [] }]);
  expect(service.open!.text).toBe("a😀 b\na");
  expect([...service.open!.ids]).toEqual([2, 4, 1, 3, 0, 2]);
  expect(service.open!.origin).toEqual({ title: "Your text", cleaning: { ...cleaning, foldCase: true } });
});

test("a text that is none is refused, and what was open stays open", async () => {
  const service = createTextService();
  await service.openText({ kind: "text", text: "good" }, cleaning);
  await expect(service.openText({ kind: "text", text: "a\0\0\0b\0\0\0" }, cleaning)).rejects.toThrow(/what was pasted/);
  await expect(service.openText({ kind: "text", text: " \n" }, cleaning)).rejects.toThrow(/empty/);
  const bytes = new Uint8Array(400).map((_, at) => at % 7);
  await expect(service.openText({ kind: "files", files: [fileOf("x.bin", bytes)] }, cleaning)).rejects.toThrow(
    /the file “x\.bin”/,
  );
  expect(service.open!.text).toBe("good");
});

test("files are decoded each by itself, and joined in the order of their names", async () => {
  const service = createTextService();
  const latin = Uint8Array.from([..."caf\xe9, tr\xe8s bien"], (character) => character.charCodeAt(0));
  const files = [fileOf("books/b.txt", "zwei"), fileOf("books/a.txt", latin)];
  const summary = await service.openText({ kind: "files", files }, cleaning);
  expect(summary).toMatchObject({ title: "books", bundled: undefined, characters: 15 + 2 + 4 });
  expect(summary.texts.map(({ name, characters }) => [name, characters])).toEqual([
    ["books/a.txt", 15],
    ["books/b.txt", 4],
  ]);
  expect(service.open!.text).toBe("café, très bien\n\nzwei");
  expect(service.open!.origin).toEqual({
    ...{ title: "books", cleaning },
    places: [
      { begin: 0, end: 15 },
      { begin: 17, end: 21 },
    ],
  });
});

test("the text that is open is cleaned another way without being given again", async () => {
  const service = createTextService();
  await service.openText({ kind: "files", files: [fileOf("A.txt", "One\nTwo")] }, cleaning);
  const summary = await service.openText({ kind: "again" }, { ...cleaning, foldCase: true });
  expect(summary).toMatchObject({ title: "A", start: "one\ntwo" });
  expect((await service.openText({ kind: "again" }, cleaning)).start).toBe("One\nTwo");
});

test("the page's own texts come packed from beside it, the novel where none was chosen", async () => {
  const asked = host({ "/texts/novel.bin": "Call me Ishmael.", "/texts/verse.bin": "A ballad" });
  const service = createTextService();
  const novel = { title: "Moby-Dick", bundled: "novel", start: "Call me Ishmael." };
  expect(await service.openText({ kind: "again" }, cleaning)).toMatchObject(novel);
  expect(service.open!.origin).toEqual({ title: "Moby-Dick", cleaning, bundled: "novel" });
  const verse = await service.openText({ kind: "bundled", id: "verse" }, cleaning);
  expect(verse).toMatchObject({ title: "Ballads", bundled: "verse", texts: [{ name: "Ballads", warnings: [] }] });
  // Once it is there nothing is fetched again.
  await service.openText({ kind: "again" }, cleaning);
  expect(asked).toEqual(["/texts/novel.bin", "/texts/verse.bin"]);
  await expect(service.openText({ kind: "bundled", id: "play" }, cleaning)).rejects.toThrow(
    "“A comedy” could not be loaded (404): try again.",
  );
  expect(service.open!.text).toBe("A ballad");
});

test("of a long text its beginning is shown, and an excerpt from a line's beginning after its first third", async () => {
  const lines = Array.from({ length: 900 }, (_, at) => `line ${String(at).padStart(4, "0")}`);
  const text = lines.join("\n"); // 8,999 characters, so that its third ends within line 299
  const { start, excerpt } = await createTextService().openText({ kind: "text", text }, cleaning);
  expect(start).toBe(text.slice(0, 3000));
  expect(excerpt).toBe(lines.slice(300, 460).join("\n"));
  const oneLine = "ab ".repeat(1000).trim();
  expect((await createTextService().openText({ kind: "text", text: oneLine }, cleaning)).excerpt).toBe(
    oneLine.slice(0, 1600).trim(),
  );
  // Behind the only line end there is nothing.
  expect((await createTextService().openText({ kind: "text", text: "a b\n" }, cleaning)).excerpt.trim()).toBe("a b");
});

test("a run finds its text again: the page's own by fetching it, another where it was kept, else it is said that it is gone", async () => {
  host({ "/texts/novel.bin": "Call ME", "/texts/code.bin": "Let It" });
  const service = createTextService();
  const folded = { ...cleaning, foldCase: true };
  const reopened = async (id: string, origin: object) =>
    (await service.reopen(id, { title: "T", cleaning: folded, ...origin })).text;
  expect(await reopened("none", { bundled: "code" })).toBe("let it");
  // As pages before said it.
  expect(await reopened("none", { isNovel: true })).toBe("call me");
  await saveText("own", "Kept AS it was");
  expect(await reopened("own", { isNovel: false })).toBe("Kept AS it was");
  await expect(reopened("none", {})).rejects.toThrow(/not in the browser’s storage any more.*can still be used/);
  const origin = { title: "Own", cleaning, places: [{ begin: 0, end: 4 }] };
  expect((await service.reopen("own", origin)).origin).toEqual(origin);
  expect(service.open).toBeUndefined();
});
