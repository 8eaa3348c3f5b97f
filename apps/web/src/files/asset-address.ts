/** The address of a file beside the page, as a worker asks for it: built, its script lies one folder deeper. */
export const assetAddress = (path: string): URL =>
  new URL(import.meta.env.DEV ? `/${path}` : `../${path}`, self.location.href);
