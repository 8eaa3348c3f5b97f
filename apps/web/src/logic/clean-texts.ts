// Texts as they were given, each cleaned by itself, one after the other as one.
import { type Cut, cleanText, type DecodedText, isCorpusError, type Recipe } from "@charlstm/corpus";
import { createTextJoiner, type TextPlace } from "@charlstm/training";

export interface CleaningChoices {
  recipe: Recipe;
  /** Lower-cases the text; the recipe `notebook` always does. */
  foldCase: boolean;
  /** Joins the wrapped lines of prose; the recipe `notebook` leaves none. */
  unwrap: boolean;
}

/** A text before it is cleaned. */
export interface GivenText extends DecodedText {
  /** That of its file, or a title. */
  name: string;
}

/** What was cut by one rule, with its first pieces. */
export interface CutPreview extends Omit<Cut, "spans"> {
  excerpts: string[];
}

/** What the page shows of one of the texts that were joined. */
export interface CleanedText {
  name: string;
  /** Of the clean text. */
  characters: number;
  cuts: CutPreview[];
  warnings: string[];
}

/** Clean texts as one. */
export interface JoinedTexts {
  text: string;
  /** Where each stands in it. */
  places: readonly TextPlace[];
  texts: CleanedText[];
}

const excerptsPerCut = 3;
const cutExcerptLength = 160;

/**
 * Cleans each text and joins them in the order given, with an empty line between two.
 *
 * @throws {CorpusError | Error} A text is empty, or the recipe does not fit it; of several texts its name is said.
 */
export function cleanTexts(given: readonly GivenText[], cleaning: CleaningChoices): JoinedTexts {
  const joiner = createTextJoiner();
  const cleaned = given.map((one) => {
    const { text, cuts, warnings, given: whole } = given.length > 1 ? cleanNamed(one, cleaning) : clean(one, cleaning);
    const joined = joiner.next(text);
    joiner.endText();
    const said = [...one.warnings, ...warnings.filter(({ code }) => code !== "NO_MARKER")];
    return { joined, cuts: cuts.map((cut) => previewCut(cut, whole)), warnings: said.map(({ message }) => message) };
  });
  const { places } = joiner;
  const texts = cleaned.map(({ cuts, warnings }, at) => {
    const { begin, end } = places[at]!;
    return { name: given[at]!.name, characters: end - begin, cuts, warnings };
  });
  return { text: cleaned.map(({ joined }) => joined).join(""), places, texts };
}

const clean = ({ text }: GivenText, { recipe, foldCase, unwrap }: CleaningChoices) =>
  cleanText(text, recipe === "notebook" ? { recipe } : { recipe, foldCase, unwrap });

function cleanNamed(text: GivenText, cleaning: CleaningChoices): ReturnType<typeof clean> {
  try {
    return clean(text, cleaning);
  } catch (error) {
    if (!isCorpusError(error)) throw error;
    throw new Error(`The file “${text.name}”: ${error.message}`, { cause: error });
  }
}

function previewCut({ spans, ...cut }: Cut, given: string): CutPreview {
  const excerpts: string[] = [];
  for (let index = 0; index + 1 < spans.length && excerpts.length < excerptsPerCut; index += 2) {
    const [start, end] = [spans[index]!, spans[index + 1]!];
    const excerpt = given.slice(start, Math.min(end, start + cutExcerptLength)).trim();
    if (excerpt !== "") excerpts.push(end - start > cutExcerptLength ? `${excerpt} …` : excerpt);
  }
  return { ...cut, excerpts };
}

/** The order in which files are joined: by name, as the command line takes those of a folder. */
export const inOrder = <File extends { name: string }>(files: readonly File[]): File[] =>
  [...files].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** What several files are called as one text: their folder, or the first of them; of one file its name without the ending. */
export function titleOf(names: readonly string[]): string {
  const [first = "", ...others] = names;
  const folder = first.slice(0, first.indexOf("/") + 1);
  if (others.length > 0 && folder !== "" && others.every((name) => name.startsWith(folder))) return folder.slice(0, -1);
  const title = first.slice(first.lastIndexOf("/") + 1).replace(/\.[^.]*$/, "");
  return others.length > 0 ? `${title} and ${others.length} more` : title;
}
