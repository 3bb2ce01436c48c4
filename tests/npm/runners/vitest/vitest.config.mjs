// Files in threads of one process would share one recorder, and its session.
export default { test: { include: ["**/*.test.mjs"], fileParallelism: false } };
