// Cross-origin isolated, so that the engine uses threads.
const headers = { "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp" };

export default { build: { target: "es2022" }, preview: { headers } };
