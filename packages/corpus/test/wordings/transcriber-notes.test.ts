import { describe, expect, test } from "vitest";
import { cutTranscriberNotes } from "../../src/index.js";
import { combine, expectGone, expectKept } from "./expect-each.js";

describe("transcriber's notes", () => {
  const names = [
    ...combine(
      ["", "Original "],
      ["Transcriber's note", "transcribers' notes", "TRANSCRIBER NOTES", "Transcriber’s comment"],
    ),
    ...["Transcribers remarks", "Transcription note", "Transcriber's end note", "Transcriber's endnotes"],
    ...combine(
      ["Note ", "Notes ", "Comments ", "Remark "],
      ["by the transcriber", "of transcribers", "from the  transcriber"],
    ),
    ...combine(
      ["Anmerkung ", "Anmerkungen ", "Hinweis ", "Hinweise ", "Bemerkung ", "Bemerkungen "],
      ["zur Transkription", "des Transkribenten", "der Bearbeiterin"],
    ),
    ...combine(
      ["Note ", "Notes "],
      ["du transcripteur", "de la transcription", "au  transcripteur", "sur la transcription"],
    ),
    ...combine(
      ["Nota ", "Notas "],
      ["de transcripción", "del transcriptor", "do transcritor", "da transcrição", "de la trascripción"],
    ),
    ...combine(["Nota ", "Note "], ["del trascrittore", "di trascrizione", "dei trascrittori"]),
    ...combine(["Opmerking ", "Opmerkingen "], ["van de bewerker", "van  de  transcriptie"]),
  ];

  const bare = [
    ...["Transcriber", "TRANSCRIBER:", "transcription", "Transcriptor", "The Transcriber", "the transcription"],
    ...["The transcriber's notes", "The Transcription Note"],
  ];

  test("go in brackets in every language", () => {
    const bracketed = [...names, ...names.map((name) => name.replaceAll(" ", "\n")), ...bare];
    const wordings = [...bracketed, ...combine([" ", "\n  "], bracketed)];
    expectGone(cutTranscriberNotes, wordings, (wording) => [`a [${wording}: x] b`, "a  b"]);
  });

  test("in brackets are not words that begin like theirs, nor words after others", () => {
    expectKept(cutTranscriberNotes, [
      "a [transcribing: x] b",
      "a [Anmerkung zum Text: x] b",
      "a [notes de transport] b",
      "a [nota del autor] b",
      "a [opmerking van de schrijver] b",
      "a [     Transcriber: x] b",
      "a [.Transcriber: x] b",
      "a [then the transcriber came] b",
    ]);
    expect(cutTranscriberNotes("a [see [Transcriber's note: x] there] b").text).toBe("a [see  there] b");
  });

  test("go as paragraphs in every language, after at most a border", () => {
    const wordings = [...names, ...combine(["| ", "*** ", "  "], names)];
    expectGone(cutTranscriberNotes, wordings, (wording) => [`One.\n\n${wording}: x\ny\n\nTwo.\n`, "One.\n\n\nTwo.\n"]);
  });

  test("as paragraphs are not sentences about them, nor other notes", () => {
    const frame = (line: string) => `One.\n\n${line}\n\nTwo.\n`;
    const lines = [
      "A transcriber's note was lost.",
      "Transcribed notes",
      "Transcriber's noted words",
      "Transcriber notebook",
      "Notes by the transcribing clerk",
      "Anmerkungen zum Text",
      "Hinweis zur Sache",
      "Notes du traducteur",
      "Notas del autor",
      "Nota dei traduttori",
      "Opmerking van de schrijver",
      "_____________ Transcriber's note",
    ];
    expectKept(cutTranscriberNotes, lines.map(frame));
  });
});
