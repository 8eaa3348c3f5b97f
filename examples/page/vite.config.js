// The worker loads readers and engine builds only when they are wanted, which needs ES modules.
export default { worker: { format: "es" } };
