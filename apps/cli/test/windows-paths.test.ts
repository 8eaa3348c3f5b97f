// What paths become on Windows, simulated: `node:path` is its Windows half here.
import { win32 } from "node:path";
import { expect, test, vi } from "vitest";
import { ioIn } from "./invoke.js";

// The modules that other tests have loaded, and will load, have the real one.
vi.resetModules();
vi.doMock("node:path", () => ({ ...win32, default: win32 }));
const { pathOf } = await import("../src/texts/book.js");
const { runPaths } = await import("../src/run/folder.js");
vi.doUnmock("node:path");
vi.resetModules();

const io = ioIn("C:\\Users\\Jane\\books");

test.each([
  ["emma.txt", "C:\\Users\\Jane\\books\\emma.txt"],
  ["..\\emma.txt", "C:\\Users\\Jane\\emma.txt"],
  ["./more/emma.txt", "C:\\Users\\Jane\\books\\more\\emma.txt"],
  ["D:\\texts\\emma.txt", "D:\\texts\\emma.txt"],
  ["d:/texts/emma.txt", "d:\\texts\\emma.txt"],
  ["\\\\server\\share\\emma.txt", "\\\\server\\share\\emma.txt"],
])("the book %s is the file %s", (book, path) => {
  expect(pathOf(io, book)).toBe(path);
});

test.each(["1342", "-", "https://example.org/emma.txt"])("%s is no file", (book) => {
  expect(pathOf(io, book)).toBeUndefined();
});

test("a run's files lie in its folder", () => {
  expect(runPaths("C:\\runs\\first").report).toBe("C:\\runs\\first\\report.html");
});
