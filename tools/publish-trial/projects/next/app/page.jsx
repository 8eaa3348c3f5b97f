import { createRandom, sample } from "@charlstm/sampling";
import { Training } from "./training.jsx";

export const dynamic = "force-dynamic";

/** Rendered by the server, which imports the same packages. */
export default function Page() {
  const id = sample([0.25, 0.75], { random: createRandom(7) });
  return (
    <>
      <p>{`the server drew ${id}`}</p>
      <Training />
    </>
  );
}
