const SITE = "https://www.gutenberg.org/";

/** Mirrors with Project Gutenberg's folder tree, asked after the site itself. They come and go: name your own. */
export const DEFAULT_MIRRORS: readonly string[] = [
  "https://gutenberg.pglaf.org/",
  "https://aleph.pglaf.org/",
  "https://mirrors.xmission.com/gutenberg/",
];

/** Where to look for a book, in this order: in the mirrors that the user named, else on the site, then in those known here. */
export function addressesOf(id: number, named: readonly string[] | undefined): string[] {
  if (named) return named.flatMap((mirror) => inTree(id, mirror));
  return [
    `${SITE}files/${id}/${id}-0.txt`,
    textAddress(id),
    `${SITE}ebooks/${id}.txt.utf-8`,
    ...DEFAULT_MIRRORS.flatMap((mirror) => inTree(id, mirror)),
  ];
}

/** Where a browser finds the text of a book. */
export function textAddress(id: number): string {
  return `${SITE}cache/epub/${id}/pg${id}.txt`;
}

// `-0` is UTF-8, `-8` Latin-1; the plain name is ASCII, which in newer books has lost its accents, so it comes last.
function inTree(id: number, mirror: string): string[] {
  const folder = `${mirror}${mirror.endsWith("/") ? "" : "/"}${[...foldersAbove(String(id)), id].join("/")}/`;
  return ["-0", "-8", ""].map((suffix) => `${folder}${id}${suffix}.txt`);
}

/** The folders that hold a book's own in Project Gutenberg's tree: each digit but the last, `0` for the books 1 to 9. */
export function foldersAbove(digits: string): string[] {
  return digits.length === 1 ? ["0"] : [...digits.slice(0, -1)];
}
