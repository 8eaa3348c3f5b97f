/** The `charset` of `Content-Type`, if it has one. */
export function charsetOf({ headers }: Response): { charset?: string } {
  const charset = /;\s{0,9}charset\s{0,9}=\s{0,9}["']?([^\s"';,]{1,60})/i.exec(headers.get("content-type") ?? "")?.[1];
  return charset === undefined ? {} : { charset };
}
