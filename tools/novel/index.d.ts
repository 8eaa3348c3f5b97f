/** Title and author of the novel. */
export const novelName: string;

/** The novel's text: 135 chapters and the epilogue, each under its title, paragraphs set apart by an empty line. */
export function readNovel(): string;
