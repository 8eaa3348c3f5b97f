import { describe, expect, test } from "vitest";
import { cutCredits } from "../../src/index.js";
import { combine, expectGone, expectKept } from "./expect-each.js";

describe("credits", () => {
  const work = ["produced", "prepared", "transcribed", "scanned", "digitised", "digitized", "typed", "keyed"];
  const more = ["created", "converted", "proofed", "proofread", "reproofed", "re-proofed"];
  const also = ["produced", "prepared", "transcribed", "scanned", "digitised", "digitized", "typed", "converted"];
  const after = [...also, "proofed", "proofread", "edited", "formatted"];
  const things = [
    ...["ebook", "e-book", "etext", "e-text", "file", "text", "edition", "transcription", "digital edition"],
    ...["HTML edition", "Project Gutenberg eBook"],
  ];
  const deeds = [
    ...["prepared", "produced", "created", "transcribed", "scanned", "typed", "converted", "digitised", "digitized"],
    ...["made", "provided", "taken", "based", "contributed", "derived"],
  ];
  const lines = [
    ...combine([...work, ...more], [" by A", " from B", " for C"]),
    ...combine(
      ["Text ", ""],
      work.map((word) => `${word} by A`),
    ),
    ...after.flatMap((word) => [
      `Scanned and ${word} by A`,
      `Scanned, ${word} by A`,
      `Scanned, typed, and ${word} by A`,
    ]),
    ...combine(
      ["E-text ", "Etext ", "eBook ", "E-book "],
      ["prepared", "produced", "created", "transcribed", "scanned", "was typed"],
    ),
    ...combine(combine(["This ", "The "], things), [
      " was produced",
      " is taken",
      " has been made",
      " was first typed",
    ]),
    ...combine(["This ebook was "], deeds),
    ...["This eBook is for the use of anyone", "This ebook is for the use of", "Copyright laws are changing all over"],
    ...[
      "HTML version by A",
      "Proofread by A",
      "Proofreading by B",
      "Proofreaders: the online team",
      "OCR by A",
      "OCRed by A",
    ],
    ...[
      "Credits: A",
      "Credit : A",
      "Updated editions will replace",
      "Update editions will",
      "Further corrections by A",
    ],
    ...combine(
      ["Additional ", "Revised ", "Corrected "],
      ["editing by A", "edition by A", "editions by A", "proofreading by A", "corrections by A"],
    ),
    ...combine(
      ["Note: ", "Note ", "Images: ", "Image ", "Images ", "Note : "],
      [
        "Project Gutenberg",
        "images of the original",
        "the original file",
        "the original books",
        "generously made",
        "made",
        "generously provided",
        "provided",
      ],
    ),
    ...["Produit par A", "Texte préparé par A"],
    ...combine(combine(["Ce "], ["document", "livre", "texte", "fichier"]), [
      " fut produit",
      " a été num",
      " est créé",
      " est prépar",
    ]),
    ...combine(combine(["Diese ", "Dieses ", "Das "], ["Buch", "E-Book", "Ebook", "E-Text", "Werk"]), [
      " wurde erstellt",
      " ist produziert",
      " wurde von",
      " wurde erzeugt",
      " ist aus den",
    ]),
    ...["Erstellt von A", "Produzido por A", "Producido por A", "Producida por A", "Prodotto da A"],
    ...combine(combine(["Questo "], ["e-text", "etext", "libro", "e-book"]), [" è stato", " e stato"]),
    ...[
      "Geproduceerd door A",
      "Dit e-book is",
      "Dit etext werd",
      "Producerad av A",
      "Framställd av A",
      "Framställ av A",
      "Tuottanut A",
    ],
  ];

  test("go from the beginning in every language, after at most a few marks", () => {
    const wordings = [...lines, ...combine(["*** ", '  "'], lines)];
    expectGone(cutCredits, wordings, (line) => [`${line}\nand more.\n\nBook.\n`, "Book.\n"]);
  });

  test("go from the end", () => {
    expectGone(cutCredits, lines, (line) => [`Book.\n\n${line}\nand more.\n`, "Book.\n"]);
  });

  test("go where an address of theirs stands in the first paragraphs, and only there", () => {
    const addresses = [
      ...["the Online Distributed Proofreading Team", "Distributed\nProofreaders", "www.pgdp.net", "gutenberg.org"],
      ...["www.gutenberg.net", "archive.org", "the Internet Archive", "http://example.org", "https://example.org"],
      "this file should be named x.txt",
    ];
    expectGone(cutCredits, addresses, (address) => [`With thanks to ${address}.\n\nBook.\n`, "Book.\n"]);
    const prose = "It was a long evening on the quay, and there was nobody who came down to the lamp.\n";
    expectKept(
      cutCredits,
      addresses.map((address) => `Book.\n\n${prose}\nWith thanks to ${address}.\n\n${prose}`),
    );
    expectGone(cutCredits, ["a@example.org", "http://example.org"], (address) => [
      `Book.\n\nEntered by A. Volunteer, ${address}\n\n${prose}`,
      `Book.\n\n\n${prose}`,
    ]);
    expectKept(cutCredits, [
      `With thanks to ${"a reader ".repeat(300)} and archive.org.\n\nBook.\n`,
      "Distributed proof\n\nBook.\n",
      "gutenberg-org\n\nBook.\n",
      "internet-archive\n\nBook.\n",
      "htt://x\n\nBook.\n",
    ]);
  });

  test("are not a book's first words that begin like theirs", () => {
    const first = [
      ...[
        "Produced in haste",
        "Produced byte by byte",
        "He produced by hand",
        "Text of the law",
        "Scanned and lost",
        "Ebook readers",
      ],
      ...[
        "The file was lost",
        "This edition will do",
        "This text was, as such",
        "Copyright is changing",
        "HTML is a tongue",
      ],
      ...[
        "Proofreaders met. They were led by a team",
        "Creditors came",
        "Update of all",
        "Revised laws by night",
        "Image of a lamp",
      ],
      ...[
        "Note: the lamp",
        "Produit de mer",
        "Ce livre vit",
        "Das Buch liegt",
        "Erstellt vonnöten",
        "Questo libro parla",
        "Dit etext ligt",
      ],
      "....... Produced by A",
    ];
    expectKept(
      cutCredits,
      first.map((line) => `${line}\n\nBook.\n`),
    );
  });

  test("of many lines without a blank one lose their first line", () => {
    const poem = "A line of a long poem without any break at all\n".repeat(60);
    expect(cutCredits(`Produced by A\n${poem}`).text).toBe(poem);
    expect(cutCredits(`${poem}\nProduced by A\n${poem}`).text).toBe(`${poem}\nProduced by A\n${poem}`);
    const longer = poem.repeat(4);
    expect(cutCredits(`Produced by A\nScanned by B\n${longer}`).text).toBe(longer);
  });
});
