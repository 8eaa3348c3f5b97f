import { afterEach, expect, test, vi } from "vitest";
import { inspectBuilds } from "./builds.js";
import { createEngine } from "./create.js";
import { allBuilds, type Build, isNativeBuild } from "./types.js";

afterEach(() => void vi.restoreAllMocks());

/** The build of an engine that is made so, or the code of the error. */
async function outcomeOf(build: Build | "auto"): Promise<string> {
  try {
    const engine = await createEngine({ vocabularySize: 3, units: [4], build });
    await engine.dispose();
    return engine.build;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test("the builds that are said to run are those that an engine can be made with, the first by default", async () => {
  const { builds, noNative } = inspectBuilds();
  for (const build of allBuilds) {
    const refusal = isNativeBuild(build) ? "NO_BUILD" : "NO_SIMD";
    expect([build, await outcomeOf(build)]).toEqual([build, builds.includes(build) ? build : refusal]);
  }
  expect(await outcomeOf("auto")).toBe(builds[0]);
  expect(builds).toContain("simd");
  expect(noNative === undefined).toBe(builds.some(isNativeBuild));
});

test("where there is no relaxed SIMD the other build runs, without any neither, and what to do is said", async () => {
  const wasm = () => inspectBuilds().builds.filter((build) => !isNativeBuild(build));
  const validate = vi.spyOn(WebAssembly, "validate").mockReturnValue(false);
  expect(wasm()).toEqual([]);
  const asked = createEngine({ vocabularySize: 3, units: [4], build: "simd" });
  await expect(asked).rejects.toMatchObject({
    code: "NO_SIMD",
    message: expect.stringMatching(/WebAssembly with SIMD: use Node 20\.19 or later/),
  });
  const relaxed = createEngine({ vocabularySize: 3, units: [4], build: "relaxed-simd" });
  await expect(relaxed).rejects.toMatchObject({ message: expect.stringMatching(/relaxed SIMD: use build: "auto"/) });
  // Asked of the one twice, before and after a flag is set, then of the other.
  validate.mockReset().mockReturnValueOnce(false).mockReturnValueOnce(false).mockReturnValue(true);
  expect(wasm()).toEqual(["simd"]);
});
