export const isNode = false;

/** A page has no file system. */
export async function lookAt(_path: string): Promise<undefined> {
  return undefined;
}
