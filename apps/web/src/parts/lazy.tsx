import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { sayError } from "../state/notices.js";

/** A part of the page whose code is fetched when it is first shown. */
export function lazy(load: () => Promise<{ default: ComponentType }>): ComponentType {
  let loaded: ComponentType | undefined;
  return function Lazy() {
    const [, redraw] = useState(0);
    useEffect(() => {
      if (loaded) return;
      load().then(
        ({ default: found }) => {
          loaded = found;
          redraw(1);
        },
        () => sayError(new Error("A part of this page could not be loaded: load the page again.")),
      );
    }, []);
    const Part = loaded;
    return Part ? <Part /> : null;
  };
}
