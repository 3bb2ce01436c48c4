// What a page says on the console, calmly and in a storm, and errors that nobody catches.
export default {
  name: "console",
  shows: ["console"],
  html: `<!doctype html><title>Console</title><p data-k="text">quiet</p>`,
  remote: { sr_logging_config: { console: { enabled: true, levels: ["info", "log", "warn", "error"] } } },
  errors: ["Error: nobody caught this", "Error: nobody handled this"],
  async act(page) {
    await page.evaluate(() => {
      const circular = { name: "circle" };
      circular.self = circular;
      console.log("a text", 5, null, undefined, true, ["a", 1], { deep: { deeper: { deepest: { end: 1 } } } });
      console.info("an element", document.querySelector("p"));
      console.warn("an error", new TypeError("wrong type"));
      console.error("circular", circular);
      console.debug("not recorded");
      console.table([{ a: 1 }]);
      console.log("x".repeat(5_000));
      console.log("a function", function named() {}, Symbol("s"), 10n);
    });
    await page.evaluate(() => {
      for (let i = 0; i < 500; i++) console.log("storm");
      setTimeout(() => {
        throw new Error("nobody caught this");
      });
      void Promise.reject(new Error("nobody handled this"));
    });
    await page.waitForTimeout(200);
    await page.evaluate(() => (document.querySelector("p").textContent = "the page goes on"));
  },
};
