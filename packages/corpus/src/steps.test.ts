import { describe, expect, test } from "vitest";
import {
  type CleaningStep,
  cutBlankLines,
  cutBold,
  cutCredits,
  cutFootnotes,
  cutHeaderAndLicence,
  cutIllustrations,
  cutItalics,
  cutTranscriberNotes,
} from "./index.js";

type Rows = [name: string, before: string, after: string][];

function describeStep(name: string, step: CleaningStep, rows: Rows): void {
  describe(name, () => {
    test.each(rows)("%s", (_, before, after) => {
      expect(step(before).text).toBe(after);
      expect(step(after).text).toBe(after);
    });
  });
}

describeStep("illustrations", cutIllustrations, [
  ["go in one line", "a [Illustration] b", "a  b"],
  ["go with their captions", "a\n[Illustration: The “lamp”]\nb", "a\n\nb"],
  ["go over several lines and paragraphs", "a [Illustration:\n\n  x\n\n y ] b", "a  b"],
  ["go with brackets inside", "a [Illustration: x [_Copyright 1894._] y] b", "a  b"],
  ["go with illustrations inside", "[Illustration: x [Illustration] [Illustration: [y]] z]b", "b"],
  ["go in other languages", "a [Abbildung: x][Ilustración][Illustrazione: y] b", "a  b"],
  ["go when a bracket inside is not closed", "a [Illustration: x [y] b", "a  b"],
  [
    "stay when their brackets close in another paragraph only",
    "a [Illustration: [x\n\nb c]",
    "a [Illustration: [x\n\nb c]",
  ],
  ["stay when they are never closed", "a [Illustration: x\n\nb", "a [Illustration: x\n\nb"],
  ["are not other brackets", "[a] [Illustrious] [The moon]", "[a] [Illustrious] [The moon]"],
]);

describeStep("footnotes", cutFootnotes, [
  [
    "go, with what refers to them",
    "word[1] and[2].\n\n[Footnote 1: one\ntwo [see] three]\n\n[Footnote 2: x]\n",
    "word and.\n\n\n\n\n",
  ],
  ["go with stars and letters", "word[*] and[A].\n\n[Footnote *: x]\n[Footnote A: y]", "word and.\n\n\n"],
  [
    "go as paragraphs that begin with a reference",
    "word[1] more.\n\n  [1] The note,\n  two lines.\n\nnext\n",
    "word more.\n\n  \n\nnext\n",
  ],
  [
    "stay as paragraphs that nothing refers to",
    "[1] First item\n\n[2] Second item\n",
    "[1] First item\n\n[2] Second item\n",
  ],
  ["are not other brackets", "he [the keeper] left [sic]", "he [the keeper] left [sic]"],
]);

describeStep("transcriber's notes", cutTranscriberNotes, [
  ["go in brackets", "a\n\n[Transcriber’s Note: x [y]\n\nz]\n\nb", "a\n\n\n\nb"],
  ["go as a heading with what follows it", "a\n\nTRANSCRIBER'S NOTES:\n\nOne.\n\nTwo.\n\n\n\nb\n", "a\n\n\n\n\nb\n"],
  ["go as a paragraph", "a\n\nTranscriber's note: x\ny\n\nb\n", "a\n\n\nb\n"],
  ["go in a box", "a\n\n+-----------+\n| Transcriber's Note: |\n| x |\n+-----+\n\nb\n", "a\n\n+-----------+\n\nb\n"],
  ["go in French and German", "Note du transcripteur: x\n\nAnmerkungen zur Transkription: y\n\nb\n", "\n\nb\n"],
  ["are not a sentence about a transcriber", "the transcriber's note was lost\n", "the transcriber's note was lost\n"],
]);

describeStep("italics", cutItalics, [
  ["lose their marks", "it is _so_, _very\nmuch_ so", "it is so, very\nmuch so"],
  ["lose their marks with spaces inside", "in _ Emma, _ and", "in  Emma,  and"],
  ["lose their marks after a digit", "December 31_st_", "December 31st"],
  ["lose their marks when nested", "_a _b_ c_", "a b c"],
  ["do not reach into the next paragraph", "_a\n\nb_", "_a\n\nb_"],
  ["are not blanks and rules", "Mr. ____ of __ \n______", "Mr. ____ of __ \n______"],
  ["are not names of variables", "snake_case_name", "snake_case_name"],
]);

describeStep("bold", cutBold, [
  ["loses its marks", "=CHAPTER I.= A =b= c", "CHAPTER I. A b c"],
  ["is not an equation", "a = b = c, x=y=z", "a = b = c, x=y=z"],
  ["is not a rule", "=====\n== x ==", "=====\n== x =="],
]);

describeStep("blank lines", cutBlankLines, [
  ["are two at most, and lines end in no space", "a  \n\n \n\t\n\nb \n", "a\n\n\nb\n"],
]);

describeStep("header and licence", cutHeaderAndLicence, [
  [
    "go, and what is between them stays",
    "x\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\na\nEnd of Project Gutenberg's X\ny",
    "a\n",
  ],
  [
    "are not the words of a book",
    "THE END\n\nof the war.\n\n*** A PROJECT\n",
    "THE END\n\nof the war.\n\n*** A PROJECT\n",
  ],
]);

describeStep("credits", cutCredits, [
  ["go at both ends", "\nProduced by A\nand B.\n\nBook\n\nThis eBook was produced by A.\n", "Book\n"],
  ["stay inside", "Book\n\nProduced by A\n\nBook\n", "Book\n\nProduced by A\n\nBook\n"],
]);
