// Requests of a page: read and sent, large and small, binary, refused, with secrets in headers and bodies.
const json = (value) => ({ contentType: "application/json", body: JSON.stringify(value) });

export default {
  name: "network",
  shows: ["requests"],
  html: `<!doctype html><title>Network</title><p data-k="text">idle</p>`,
  remote: {
    sr_logging_config: {
      console: { enabled: false, levels: [] },
      network: { enabled: true, body: { request: { enabled: true, excludelist: ["/**/card"] }, response: { enabled: true, excludelist: ["/**/token"] }, maxBodySizeBytes: 2_000 } },
    },
  },
  api: {
    "/goods": json({ goods: ["apples", "pears"] }),
    "/session": json({ user: "ada", token: "TOKEN-OF-THE-RESPONSE" }),
    "/order": { status: 201, ...json({ order: 7 }) },
    "/upload": { status: 204 },
    "/large": { contentType: "text/plain", body: "l".repeat(5_000) },
    "/picture": { contentType: "image/png", body: "not shown" },
  },
  secrets: ["BEARER-OF-THE-REQUEST", "TOKEN-OF-THE-RESPONSE", "4111111111111111", "COOKIE-OF-THE-REQUEST"],
  async act(page) {
    await page.evaluate(async () => {
      const at = (path) => `http://api.test${path}`;
      const headers = { authorization: "Bearer BEARER-OF-THE-REQUEST", "x-shown": "yes" };
      const read = async (answer) => (await answer).text().catch(() => "");
      await read(fetch(at("/goods")));
      await read(fetch(at("/session"), { headers }));
      await read(fetch(at("/order"), { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ goods: 2, card: "4111111111111111" }) }));
      const form = new FormData();
      form.append("name", "list");
      form.append("file", new File(["a file's text"], "list.txt"));
      await read(fetch(at("/upload"), { method: "POST", body: form }));
      await read(fetch(at("/upload"), { method: "PUT", body: new URLSearchParams({ a: "1", b: "2" }) }));
      await read(fetch(at("/large")));
      await read(fetch(at("/picture")));
      await read(fetch(at("/nowhere")));
      await fetch(at("/breaks")).catch(() => {});
      const reader = (await fetch(at("/large"))).body.getReader();
      while (!(await reader.read()).done);
      await new Promise((resolve) => {
        const request = new XMLHttpRequest();
        request.open("POST", at("/order"));
        request.setRequestHeader("x-cookie", "COOKIE-OF-THE-REQUEST");
        request.onloadend = resolve;
        request.send("an order by XHR");
      });
    });
    await page.evaluate(() => (document.querySelector("p").textContent = "all is asked"));
  },
};
