import { expect, test } from "vitest";
import { loadCorpus } from "./index.js";

async function described(text: string) {
  const { title, author } = await loadCorpus({ text });
  return [title, author];
}

test("title and author are the header's fields, in one line", async () => {
  expect(await described("Title: The Lamp\n  on the\tQuay\n \nAuthor:  A. Writer \n\nBook")).toEqual([
    "The Lamp on the Quay",
    "A. Writer",
  ]);
  expect(await described("title: The Lamp\nAUTHOR: A\nBook")).toEqual(["The Lamp", "A"]);
  expect(await described("The title: x\nAuthor:\nBook")).toEqual([undefined, undefined]);
});

test("without fields they are the opening's", async () => {
  const openings = [
    "The Project Gutenberg EBook of The Lamp, by A. Writer",
    "Project Gutenberg's Etext of The Lamp by A. Writer\nmore",
    "**The Project Gutenberg  E-Text\nof The\nLamp,  by A. Writer**",
    "project gutenberg’s e-book of The Lamp by A. Writer",
  ];
  for (const opening of openings) {
    const [title, author] = await described(`${opening}\n\nBook`);
    expect([opening, title?.replace(/\s+/g, " "), author]).toEqual([opening, "The Lamp", "A. Writer"]);
  }
  expect(await described("Project Gutenberg paper of X by Y\n\nBook")).toEqual([undefined, undefined]);
  expect(await described("The Project Gutenberg EBook of X, by Y\n\nTitle: Z\n")).toEqual(["Z", "Y"]);
});

test("a field goes on for 500 characters, and the header for 8,000", async () => {
  const line = `  ${"word ".repeat(20)}\n`;
  const [title] = await described(`Title: x\n${line.repeat(20)}\nBook`);
  expect(title!.length).toBeGreaterThan(450);
  expect(title!.length).toBeLessThan(650);
  expect(await described(`${"x\n".repeat(3_990)}Title: near\n`)).toEqual(["near", undefined]);
  expect(await described(`${"x\n".repeat(4_000)}Title: far\n`)).toEqual([undefined, undefined]);
});
