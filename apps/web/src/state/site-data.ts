// Words that this browser keeps for the page. Where site data are blocked, even the attempt throws: then nothing is kept.

export function kept(key: string, session = false): string | undefined {
  try {
    return (session ? sessionStorage : localStorage).getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** @returns Whether the browser has kept it. */
export function keep(key: string, value: string, session = false): boolean {
  try {
    (session ? sessionStorage : localStorage).setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
