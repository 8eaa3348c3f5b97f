const SITE = "https://www.gutenberg.org/";

/** Mirrors with Project Gutenberg's folder tree, asked after the site itself. They come and go: pass your own. */
export const DEFAULT_MIRRORS: readonly string[] = [
  "https://gutenberg.pglaf.org/",
  "https://aleph.pglaf.org/",
  "https://mirrors.xmission.com/gutenberg/",
];

/** Where to look for a book, in this order. */
export function addressesOf(id: number, mirrors: readonly string[]): string[] {
  return [
    `${SITE}files/${id}/${id}-0.txt`,
    `${SITE}cache/epub/${id}/pg${id}.txt`,
    `${SITE}ebooks/${id}.txt.utf-8`,
    ...mirrors.flatMap((mirror) => inTree(id, mirror)),
  ];
}

// In the tree each digit but the last is a folder, and the books 1 to 9 are in `0/`. `-0` is UTF-8, `-8` Latin-1; the
// plain name is ASCII, which in newer books has lost its accents, so it comes last.
function inTree(id: number, mirror: string): string[] {
  const digits = String(id);
  const folders = digits.length === 1 ? ["0"] : [...digits.slice(0, -1)];
  const folder = `${mirror.replace(/\/*$/, "/")}${[...folders, digits].join("/")}/`;
  return ["-0", "-8", ""].map((suffix) => `${folder}${id}${suffix}.txt`);
}
