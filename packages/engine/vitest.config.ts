import { inspectBuilds } from "@charlstm/engine";
import { packageTests } from "@charlstm/testing/vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The build that the engines of this project are made with. */
    build: import("@charlstm/engine").Build;
  }
}

// Whatever does not depend on the build runs once, everything else with each build that runs here.
const projects = [
  { extends: true as const, test: { name: "once", exclude: ["test/every-build/**"] } },
  ...inspectBuilds().builds.map((build) => ({
    extends: true as const,
    test: { name: build, exclude: ["src/**", "test/*.test.ts"], provide: { build } },
  })),
];

export default packageTests({
  projects,
  // TensorFlow.js as plain Node imports mixes its CommonJS and its module copies; through Vite there is one of each.
  server: { deps: { inline: [/@tensorflow/] } },
  // The tests use the built files, where the kernels and the workers are.
  coverage: { include: ["src/**/*.ts", "dist/*.js"] },
});
