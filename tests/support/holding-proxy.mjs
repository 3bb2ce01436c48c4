// Stands between a browser and the viewer, and holds back the end of a long reply until it is told to go on.
import { request } from "node:http";
import { serve } from "./servers.mjs";

/** Replies to paths that end in `/batches` stop after so many lines until `release()`. */
export async function holdingProxy(viewer, lines) {
  let release;
  const released = new Promise((done) => (release = done));
  const { host } = new URL(viewer.url);
  const proxy = await serve((asked, response) => {
    const isHeld = asked.url.split("?")[0].endsWith("/batches");
    const passed = request(`${viewer.url}${asked.url}`, { method: asked.method, headers: { ...asked.headers, host } }, async (reply) => {
      response.writeHead(reply.statusCode, reply.headers);
      let left = lines;
      for await (const part of reply) {
        let rest = part;
        for (let end = rest.indexOf(10); isHeld && left > 0 && end >= 0; end = rest.indexOf(10)) {
          response.write(rest.subarray(0, end + 1));
          rest = rest.subarray(end + 1);
          left -= 1;
        }
        if (isHeld && left === 0) await released;
        response.write(rest);
      }
      response.end();
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    asked.pipe(passed);
  });
  return { url: proxy.url, release, stop: proxy.stop };
}
