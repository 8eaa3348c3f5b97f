import { describe, expect, test } from "vitest";
import { cleanText } from "../../src/index.js";

const PROSE =
  "The keeper of the lamp came down the quay every evening with his can of oil,\n" +
  "and nobody had ever seen him late, as children set their games by him.\n\n";
const BOOK = `THE LAMP\n\nBY A. WRITER\n\n\n${PROSE.repeat(30)}THE END\n`;

/** What is left of a book with that before and after it. */
function cleaned(before: string, after: string): string {
  const start = "*** START OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n\n\n";
  const end = "\n\n\n*** END OF THE PROJECT GUTENBERG EBOOK THE LAMP ***\n";
  return cleanText(`${start}${before}${BOOK}${after}${end}`).text;
}

const clean = cleaned("", "");

describe("before a title page goes what speaks of the file or of what was done to the print", () => {
  test.each([
    "Nota de editor: Devido à existência de erros tipográficos neste texto, foram\ntomadas várias decisões quanto à versão final.",
    "Note sur la transcription: Les erreurs clairement introduites par le\ntypographe ont été corrigées.",
    "[Italics are indicated by underscores\nA. Volunteer, a@example.org]",
    "Transcribed from the 1886 edition by A. Volunteer, email\na@example.org",
    "NOTE:\n\nItalics in the original are enclosed in underscores. Footnotes have been\nmoved to the end of the chapters.",
    "Anmerkungen zur Transkription\n\nOffensichtliche Druckfehler wurden stillschweigend korrigiert.\nDie Schreibweise wurde beibehalten.\n\nGesperrte Schrift ist _so_ markiert.",
    "+----------------------------+\n| Transcriber's Note:        |\n|                            |\n| Misprints were corrected.  |\n+----------------------------+",
    "Production notes: Italics in the book have been converted to upper case.",
    "Thanks to the University for the scans from which this\ntext was made, and to all who proofread it.",
    "Special thanks are due to A. Librarian, who lent the book.",
    "[This e-text includes characters that require UTF-8\n(Unicode) file encoding:\n\n  ā ē\n\nIf these do not display, use the Latin-1 file.]",
    "Throughout this text you will see words or phrases with _ on\neither side, such as _this_.",
    "The listed errata have been corrected in the text.",
    "[Redactor's note: The spelling is as found.]",
    "[Editor's note: this text was scanned from the edition of 1890.]",
    "Entered by A. Volunteer, a@example.org",
    "[Transcriber's Note:\n\nThe dashes are the author's.]",
    "Transcriber's Note:\n\nThe dashes are the author's.",
  ])("%s", (note) => {
    expect(cleaned(`${note}\n\n`, "")).toBe(clean);
  });
});

describe("after the last line goes a transcriber's list", () => {
  test.each([
    "Typographical errors corrected by the etext transcriber:\n\nquey=> quay {pg 68}\n",
    "Errata noted by transcriber:\n\n  The quey was dark.\n    _text reads “quey”_\n",
    "Transcriber's Errata\n\npage 12: quey -> quay\n",
    "TRANSCRIBER'S AMENDMENTS\n\n\nPage 12: quey [quay] every evening\n",
    "Corrections made by the transcriber\n\np. 12 “quey” changed to “quay”\n",
    "Emendations to the text:\n\n p. 12  'quey' emended to 'quay'\n",
    "Liste der vorgenommenen Änderungen\n\nIm folgenden werden alle geänderten Textzeilen angeführt, wobei\njeweils zuerst die Zeile wie im Original steht.\n\n  Seite 12:\n  der Lmape am Kai\n  der Lampe am Kai\n",
    "Lijst van verbeteringen\n\nDe volgende verbeteringen zijn aangebracht in de tekst:\n\n  Blz. 12     quey            quay\n  Blz. 13     [Niet in Bron]  ,\n",
    "Lista de erros corrigidos\n\nAqui encontram-se listados todos os erros encontrados e corrigidos:\n\n  |#pág.   8 | cadver            | cadaver             |\n",
    "Notes au lecteur de ce fichier digital:\n\nSeules les erreurs évidentes ont été corrigées.\n\np. 12: «quey» corrigé en «quay»\n",
    "Transcriber's note:\n\nHyphenation was standardised.\n\nThe following words were found in both forms:\n\n  lamp-light and lamplight\n  quay-side and quayside\n",
  ])("%s", (list) => {
    expect(cleaned("", `\n\n\n${list}`)).toBe(clean);
  });
});

test("a list whose heading names who corrected need not stand apart", () => {
  for (const list of [
    "Typographical errors corrected by the etext transcriber:\n\nquey=> quay {pg 68}\n",
    "Corrections made by the transcriber\n\np. 12 “quey” changed to “quay”\n",
  ]) {
    expect(cleaned("", `\n${list}`)).toBe(clean);
  }
});

describe("what may be the book's own stays", () => {
  test.each([
    "NOTE\n\nThe lamp was really there, and the author has seen it, in the year 1890.\n",
    "BOOKS BY THE SAME AUTHOR\n\nTHE SEA. A new edition, corrected by the author. 3s. 6d.\n",
    'ERRATA\n\nPage 12, line 3, for "quey" read "quay".\n\nPage 13, line 9, for "lmap" read "lamp".\n',
    "Transcriber's note: A sheet is missing here.\n\n\n\nTHE LAST SONG\n\n  The lamp is out,\n  the quay is dark,\n  and nobody comes.\n",
    "[Transcriber's note: A sheet is missing here.]\n\n\n\nAFTERWORD\n\nThe author has never been on any quay.\n",
  ])("%s", (own) => {
    expect(cleaned("", `\n\n\n${own}`)).toContain(own.replace(/^\[?Transcriber's note[^\n]*\n+/, "").trim());
  });
});
