import { describe, expect, test } from "vitest";
import { unwrapLines } from "../index.js";

const unwrapped = (text: string) => unwrapLines(text).text;
const kept = (text: string) => expect(unwrapped(text)).toBe(text);

describe("the lines of prose are joined", () => {
  test("with a space, after a hyphen or dash without one", () => {
    expect(
      unwrapped(
        "It was a long line that a typist had to break somewhere, here or well-\n" +
          "known there, and another one that went on up to the margin again, and\nthen it was over.\n",
      ),
    ).toBe(
      "It was a long line that a typist had to break somewhere, here or well-known there, and another one that went " +
        "on up to the margin again, and then it was over.\n",
    );
  });

  test("in Chinese and Japanese without a space", () => {
    const chinese =
      "混沌未分天地亂，茫茫渺渺無人見。自從盤古破鴻濛，開闢從茲清濁辨。覆載\n群生仰至仁，發明萬物皆成善。\n";
    expect(unwrapped(chinese)).toBe(chinese.replace("\n群", "群"));
    const japanese =
      "吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何\nでも薄暗いじめじめした所でニャーニャー泣いていた事だけは記憶している。\n";
    expect(unwrapped(japanese)).toBe(japanese.replace("\nで", "で"));
  });

  test("with a space between Chinese and Latin letters, and in Korean", () => {
    const mixed = "這本書講述一個守燈人的故事，他每天晚上都到碼頭去，書名是The Lamp on\nthe Quay。\n";
    expect(unwrapped(mixed)).toBe(mixed.replace("\nthe", " the"));
  });
});

describe("what is not prose stays", () => {
  test("verse, also with long lines", () => {
    kept("The lamp, the quay,\nthe sea, the sea,\nand nobody.\n");
    kept(
      "The keeper of the lamp came down the quay at evening with his can of oil,\n" +
        "And nobody had ever seen him late, and children set their games by him,\n" +
        "And nobody had ever seen him smile, and nobody had ever asked him why.\n",
    );
  });

  test("tables, at the margin or not, by columns, dots and page numbers", () => {
    kept(
      "Edington, Pittsburgh and New York     15   53    4  16   20   2   1  .302\nSimon, Pittsburgh and Philadelphia    42  113   10  34   38   2   1  .301\n",
    );
    kept(
      "Name and address of the keeper | Years in which he served | Remarks made\nSmith, of the quay near the sea | 1890 to 1899 inclusive | never came late\n",
    );
    kept(
      "The lamp on the quay and what was seen there in the evening ......... 12\nThe keeper and his can of oil, with a note upon the children ........ 27\n",
    );
    kept(
      "Introduction to the history of the lamp and of all who kept it there 149\nThe keepers of the lamp from the beginning up to the present day 156\nA list of all that was said of them by those who came down the quay 164\n",
    );
    kept(
      "id,name,amount\tcurrency\tdate of the entry in the book of the harbour\n17,anna,12\tEUR\t2024-01-11 as the keeper of the lamp had written it down\n",
    );
  });

  test("lists, also when their items are wrapped", () => {
    kept(
      "1. The keeper of the lamp comes down the quay every evening with his can\nof oil, and sets it down.\n" +
        "2. The children set their games by him, and so does everybody else there.\n",
    );
    kept(
      "- The keeper of the lamp comes down the quay every evening with his can;\n- the children set their games by him, and so does everybody else there.\n",
    );
  });

  test("a single line, a title and an indented passage", () => {
    kept("CHAPTER I\n\nA single line of a paragraph that is quite long enough for prose, all in all.\n");
    const letter = `    Dear Sir, ${"your lamp is out. ".repeat(3)}\n    Yours, ${"one who saw it. ".repeat(3)}\n`;
    kept(letter);
  });
});
