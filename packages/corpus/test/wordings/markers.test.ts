import { describe, expect, test } from "vitest";
import { cutHeaderAndLicence } from "../../src/index.js";
import { combine, expectGone, expectKept } from "./expect-each.js";

describe("markers", () => {
  const book = "A line of the book.\n".repeat(30);
  const starts = [
    ...combine(
      ["*** ", "***", "(*** ", "**** ", "-- ", "  == ", "[(", ""],
      ["START OF THE PROJECT GUTENBERG EBOOK X ***"],
    ),
    ...[
      "START OF THIS PROJECT GUTENBERG ETEXT",
      "start of project gutenberg",
      "*** START OF THE COPYRIGHTED PROJECT GUTENBERG EBOOK",
    ],
    "*** START OF THE PROJECT GUTENBERG EBOOK A LONG\nTITLE THAT WRAPS ***",
    "***  START  OF\nTHE  PROJECT  GUTENBERG  EBOOK ***",
    "*** START OF THE PROJECT GUTENBERG EBOOK X **  ",
  ];
  const ends = [
    ...combine(
      ["*** ", "***", "", "  "],
      ["END OF THE PROJECT GUTENBERG EBOOK X ***", "End of Project Gutenberg's X, by Y"],
    ),
    ...[
      "End of this Project Gutenberg Etext",
      "This is the end of the Project Gutenberg EBook",
      "The end of the copyrighted Project Gutenberg text",
    ],
    ...[
      "Ende dieses Projekt Gutenberg Etextes",
      "Ende von Projekt Gutenberg",
      "Fin de Project Gutenberg's X",
      "Fine del Progetto Gutenberg",
    ],
    ...[
      "Fine dell'etext del Progetto etext Gutenberg",
      "Fin del Proyecto Gutenberg",
      "Fim do Projecto Gutenberg",
      "Fim d'este Projeto Gutenberg",
    ],
    ...[
      "Einde van het Project Gutenberg",
      "Slut på Projekt Gutenberg",
      "Loppu e-text Projektin Gutenberg",
      "Koniec e-book Projekti Gutenberg",
    ],
  ];

  test("that start a book end the header", () => {
    expectGone(cutHeaderAndLicence, starts, (start) => [`Header\n${start}\n${book}`, book]);
  });

  test("that end a book begin the licence", () => {
    expectGone(cutHeaderAndLicence, ends, (end) => [`${book}${end}\nLicence\n`, book]);
  });

  test("of a small print are the header's before the book and the licence's after it", () => {
    const prints = ["THE SMALL PRINT!", "FULL LICENSE", "FULL LICENCE", "THE  SMALL\nPRINT"];
    for (const print of prints) {
      const start = `***START**${print}**START***`;
      const end = `*END*${print}*END*`;
      expect([print, cutHeaderAndLicence(`Header\n${start}\nWords\n${end}\n${book}`).text]).toEqual([print, book]);
      expect([
        print,
        cutHeaderAndLicence(`${book}*** START: ${print} ***\nWords\n*** END: ${print} ***\n`).text,
      ]).toEqual([print, book]);
    }
  });

  test("are not the words of a book", () => {
    expectKept(
      cutHeaderAndLicence,
      [
        ...[
          "We START OF THE PROJECT GUTENBERG\n",
          "STARTOF THE PROJECT GUTENBERG\n",
          "START OF THE PROJECTGUTENBERG\n",
          "START OF A PROJECT GUTENBERG\n",
        ],
        ...[
          "The end of the project\n",
          "END PROJECT GUTENBERG\n",
          "The END of a Project Gutenberg\n",
          "END OFTHE PROJECT GUTENBERG\n",
        ],
        ...[
          "START THE SMALL\n",
          "END*THE SMALL PRINT\n",
          "*END THE SMALLPRINT\n",
          "*ENDTHE SMALL PRINT\n",
          "We START THE SMALL PRINT\n",
        ],
        "*************** END OF THE PROJECT GUTENBERG\n",
      ].map((line) => book + line + book),
    );
  });
});
