import { trainALittle } from "../../train-in-page.js";

export const dynamic = "force-dynamic";

/** Trains in the server. */
export async function GET() {
  return Response.json(await trainALittle());
}
