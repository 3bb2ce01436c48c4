// What a page asks of servers: recorded as the browser SDK does, and what the page and the servers see is as without us.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, test } from "node:test";
import { openServed, requestEvents } from "./support/served.mjs";
import { bundle, launch, script, open as openAlone, until, withOptions } from "./support/page.mjs";

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const ALL = { request: true, response: true };
const HTML = '<input id="p" type="password">';
const json = (text, headers = {}) => (_request, response) => {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(text);
};

/** Opens a page that records its requests; `requests` waits for that many, and returns all of them. */
async function open(answers, { network = { body: ALL }, ugcFilterRules, first = "", html = HTML } = {}) {
  const options = { loggingConfig: { network: { enabled: true, ...network } }, interactionConfig: { ugcFilterRules } };
  const opened = await openServed(browser, html, [first, withOptions(options), script], answers);
  const requests = async (count) => {
    await until(() => requestEvents(opened.events()).length >= count, `${count} requests`);
    return requestEvents(opened.events());
  };
  return { ...opened, requests };
}

test("a request whose bodies make an event that is too large is left out alone, and said", async () => {
  // A character that takes six in JSON.
  const body = "\u0001".repeat(1_000_000);
  const network = { body: { ...ALL, maxBodySizeBytes: 1_000_000 } };
  const { page, messages, requests, close } = await open({ "/large": json(body), "/small": json("{}") }, { network });
  const large = async (body) => void (await (await fetch("/large", { method: "POST", body })).text());
  await page.evaluate(large, body);
  const status = () => page.evaluate(() => sessionReplayRecorder.status());
  await until(async () => (await status()).problems.some((problem) => problem.includes("left out: it has more than 9000000 bytes")), "it is said");
  await page.evaluate(async () => void (await (await fetch("/small")).text()));
  assert.match((await requests(1))[0].url, /small$/);
  const { recording, droppedEvents } = await status();
  assert.deepEqual([recording, droppedEvents], [true, 1]);
  assert.ok(messages.join("").length < 1_000_000);
  await close();
});

test("fetch: method, address, headers, bodies, in each way in which a page gives them", async () => {
  const { page, url, requests, close } = await open({ "/api": json('{"ok":true}', { "x-served": "yes" }) });
  await page.evaluate(async () => {
    await fetch("/api?q=1", { method: "post", headers: { "X-Plain": "1" }, body: "text" });
    await fetch(new URL("/api", location.href), { method: "PUT", headers: new Headers({ "X-Of-Headers": "2" }), body: new URLSearchParams({ a: "1 2" }) });
    await fetch(new Request("/api", { method: "DELETE", headers: [["X-Of-Request", "3"]] }));
    await fetch(new Request("/api", { headers: { "X-Over": "ridden" } }), { method: "PATCH", headers: [["X-Pairs", "4"]] });
    await fetch(location);
  });
  const all = await requests(5);
  assert.deepEqual(all.map(({ type, method, url, status }) => [type, method, url.replace(/.*:\d+/, ""), status]), [
    ["fetch", "POST", "/api?q=1", 200], ["fetch", "PUT", "/api", 200], ["fetch", "DELETE", "/api", 200], ["fetch", "PATCH", "/api", 200], ["fetch", "GET", "/", 200],
  ]);
  assert.ok(all.every((one) => one.url.startsWith(url) && one.duration >= 0 && Math.abs(one.timestamp - Date.now()) < 60_000));
  assert.deepEqual(all.map(({ requestHeaders }) => requestHeaders), [{ "X-Plain": "1" }, { "x-of-headers": "2" }, { "x-of-request": "3" }, { "X-Pairs": "4" }, undefined]);
  assert.deepEqual(all.slice(0, 2).map(({ requestBody }) => requestBody), ["text", "a=1+2"]);
  assert.deepEqual([all[0].responseBody, all[0].responseBodyStatus, all[0].responseHeaders["x-served"]], ['{"ok":true}', "captured", "yes"]);
  await close();
});

test("XMLHttpRequest: each type of response, synchronous ones, reuse, and how one fails", async () => {
  const { page, requests, close } = await open({
    "/json": json('{"n":[1,2]}'),
    "/bytes": (_request, response) => response.end(Buffer.from([0, 1, 2, 3])),
    "/slow": () => {},
  });
  await page.evaluate(async () => {
    const send = (path, { type = "", method = "GET", body, ...rest } = {}) =>
      new Promise((resolve) => {
        const xhr = Object.assign(new XMLHttpRequest(), { onloadend: resolve });
        xhr.open(method, path);
        Object.assign(xhr, { responseType: type, ...rest });
        xhr.setRequestHeader("X-Own", "own");
        xhr.send(body);
        if (rest.aborts) setTimeout(() => xhr.abort(), 20);
      });
    for (const type of ["", "text", "json", "arraybuffer", "blob"]) await send("/json", { type, method: "POST", body: `as ${type}` });
    await send("/bytes", { type: "arraybuffer" });
    const sync = new XMLHttpRequest();
    sync.open("GET", "/json", false);
    sync.send();
    await send("/slow", { timeout: 30 });
    await send("/slow", { aborts: true });
    await send("http://127.0.0.1:1/");
    try {
      sync.open("GET", "http://127.0.0.1:1/", false);
      sync.send();
    } catch {}
  });
  const all = await requests(11);
  assert.ok(all.every(({ type }) => type === "xhr"));
  for (const i of [0, 1, 2, 3, 6]) assert.deepEqual([all[i].responseBody, all[i].responseBodyStatus, all[i].status], ['{"n":[1,2]}', "captured", 200], `${i}`);
  for (const i of [4, 5]) assert.deepEqual([all[i].responseBody, all[i].responseBodyStatus], [undefined, "skipped_binary"]);
  assert.deepEqual([all[0].method, all[0].requestBody, all[0].requestHeaders], ["POST", "as ", { "X-Own": "own" }]);
  assert.deepEqual(all.slice(7).map(({ error, status }) => [error.name, status]), [["TimeoutError", undefined], ["AbortError", undefined], ["NetworkError", undefined], ["NetworkError", undefined]]);
  assert.equal(all.length, 11, "each once");
  await close();
});

test("uploads are told by name and size, and reach the server as they are", async () => {
  const got = [];
  const take = (request, response) => {
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
      got.push(Buffer.concat(chunks));
      response.end();
    });
  };
  const { page, messages, requests, close } = await open({ "/up": take });
  await page.evaluate(async () => {
    const post = (body) => fetch("/up", { method: "POST", body });
    const file = new File(["private"], "a.txt", { type: "text/plain" });
    const form = new FormData();
    form.append("title", "shown");
    form.append("password", "s3cr3t");
    form.append("file", file);
    for (const body of [form, file, new Blob(["private"]), new Uint8Array([1, 2]), new ArrayBuffer(3)]) await post(body);
    navigator.sendBeacon("/up", "private");
    navigator.sendBeacon("/up", new Blob(["private."]));
  });
  const sent = await requests(7);
  const all = ["fetch", "beacon"].flatMap((type) => sent.filter((one) => one.type === type));
  assert.deepEqual(all.slice(0, 5).map(({ requestBody }) => requestBody), [
    "title=shown&password=********&file=[File a.txt, text/plain, 7 bytes]", "[File a.txt, text/plain, 7 bytes]", "[Blob no type, 7 bytes]", "[2 bytes]", "[3 bytes]",
  ]);
  assert.deepEqual(all.slice(5).map(({ type, method, requestHeaders }) => [type, method, requestHeaders]), [
    ["beacon", "POST", { "content-length": "7" }], ["beacon", "POST", { "content-length": "8" }],
  ]);
  await until(() => got.length === 7, "the uploads arrive");
  assert.ok(got[0].includes("private") && got[1].equals(Buffer.from("private")) && got[3].equals(Buffer.from([1, 2])));
  assert.ok(!/private|s3cr3t/.test(messages.join()));
  await close();
});

/** An endless answer; `state` tells how much was written, and when the page's end was closed. */
function endless(type, state, { everyMs = 0, chunk = "x".repeat(65_536) } = {}) {
  return (request, response) => {
    response.writeHead(200, { "content-type": type });
    state.written = 0;
    request.socket.on("close", () => (state.isClosed = true));
    const write = () => {
      if (request.socket.destroyed) return;
      state.written += chunk.length;
      const isTaken = response.write(chunk);
      if (isTaken || everyMs > 0) setTimeout(write, everyMs);
      else response.once("drain", write);
    };
    write();
  };
}

test("a text whose length is not told is the page's alone: the server waits while the page does not read", async () => {
  const state = {};
  const { page, requests, close } = await open({ "/endless": endless("text/plain", state) });
  await page.evaluate(async () => void (window.response = await fetch("/endless")));
  assert.deepEqual((await requests(1)).map(({ responseBodyStatus }) => responseBodyStatus), ["skipped_stream"]);
  let before;
  await until(async () => {
    before = state.written;
    await sleep(500);
    return state.written === before;
  }, "the server waits for the page");
  await page.evaluate(() => void response.body.cancel());
  await until(() => state.isClosed, "the server sees that the page wants no more");
  await close();
});

test("JSON without end is read to the limit, and ends when the page says so", async () => {
  const state = {};
  const { page, requests, close } = await open({ "/endless": endless("application/json", state, { everyMs: 1 }) });
  await page.evaluate(async () => {
    window.reader = (await fetch("/endless")).body.getReader();
    for (let read = 0; read < 1_000_000; ) read += (await reader.read()).value.length;
  });
  const [{ responseBody, responseBodyStatus }] = await requests(1);
  assert.deepEqual([responseBody, responseBodyStatus], ["x".repeat(10_240), "truncated"]);
  assert.ok(!state.isClosed);
  await page.evaluate(() => void reader.cancel());
  await until(() => state.isClosed, "the server sees that the page wants no more");
  await close();
});

test("a page that reads nothing, and lets go: the server sees it", async () => {
  const state = {};
  const { page, requests, close } = await open({ "/slow": endless("application/json", state, { everyMs: 50, chunk: "line\n" }) });
  await page.evaluate(async () => void (await fetch("/slow")).body.cancel());
  await until(() => state.isClosed, "the request has ended");
  assert.equal((await requests(1))[0].responseBodyStatus, "truncated");
  await close();
});

const never = (_request, response) => response.writeHead(200, { "content-type": "application/json" }).write("[");

/** By then the recorder would let go by itself. */
const NOT_AFTER_THREE_SECONDS = "window.setTimeout = ((native) => (work, ms, ...given) => ms === 3_000 ? 0 : native(work, ms, ...given))(setTimeout);";

// Of one server a browser opens six connections at once (HTTP/1.1), and while we read, a request of the page is not closed.
for (const [how, letGo] of Object.entries({
  "body.cancel()": (response) => void response.body.cancel(),
  "reader.cancel()": (response) => void response.body.getReader().cancel(),
  "a reader of bytes": (response) => void response.body.getReader({ mode: "byob" }).cancel(),
  "a loop that ends": async (response) => {
    for await (const _ of response.body) break;
  },
  "a pipe that is aborted": (response) => {
    const signal = AbortSignal.abort();
    response.body.pipeTo(new WritableStream(), { signal }).catch(() => {});
  },
  "a pipe whose reader ends": (response) => void response.body.pipeThrough(new TextDecoderStream()).cancel(),
  "both branches cancelled": (response) => response.body.tee().map((branch) => void branch.cancel()),
  "a clone, both cancelled": (response) => void [response.clone(), response].map(({ body }) => body.cancel()),
  "abort()": (_response, aborting) => aborting.abort(),
})) {
  test(`six responses without end that the page lets go of hold up no seventh request: ${how}`, async () => {
    const { page, requests, close } = await open({ "/never": never, "/next": json("{}") }, { first: NOT_AFTER_THREE_SECONDS });
    const next = await page.evaluate(async (source) => {
      const letGo = eval(source);
      await Promise.all(Array.from({ length: 6 }, async () => {
        const aborting = new AbortController();
        await letGo(await fetch("/never", { signal: aborting.signal }), aborting);
      }));
      return (await fetch("/next", { signal: AbortSignal.timeout(20_000) })).text();
    }, String(letGo));
    assert.equal(next, "{}");
    await requests(7);
    await close();
  });
}

test("what a page reads of a response is its own, in each way, and recorded", async () => {
  const text = JSON.stringify({ list: Array.from({ length: 500 }, (_, at) => at) });
  const { page, requests, close } = await open({ "/api": json(text) });
  const read = await page.evaluate(async () => {
    const ways = {
      text: (response) => response.text(),
      json: async (response) => JSON.stringify(await response.json()),
      arrayBuffer: async (response) => new TextDecoder().decode(await response.arrayBuffer()),
      blob: async (response) => (await response.blob()).text(),
      reader: async (response) => {
        const reader = response.body.getReader();
        let text = "";
        for (let part = await reader.read(); !part.done; part = await reader.read()) text += new TextDecoder().decode(part.value);
        return text;
      },
      loop: async (response) => {
        let text = "";
        for await (const part of response.body) text += new TextDecoder().decode(part);
        return text;
      },
      pipe: async (response) => new Response(response.body.pipeThrough(new TransformStream())).text(),
      clone: async (response) => (await response.clone().text()) && response.text(),
    };
    const all = {};
    for (const [way, of] of Object.entries(ways)) {
      const response = await fetch("/api");
      const before = [response.bodyUsed, response.body === response.body, response.body.locked, response instanceof Response];
      all[way] = [await of(response), ...before, response.bodyUsed];
    }
    const { text, json } = Response.prototype;
    all.names = [text.name, json.length, String(text), ReadableStream.prototype.getReader.name, String(ReadableStream.prototype.cancel)];
    return all;
  });
  const { names, ...ways } = read;
  for (const [way, seen] of Object.entries(ways)) assert.deepEqual(seen, [text, false, true, false, true, true], way);
  assert.deepEqual(names, ["text", 0, "function text() { [native code] }", "getReader", "function cancel() { [native code] }"]);
  const all = await requests(8);
  for (const [at, { responseBody, responseBodyStatus }] of all.entries()) {
    // Through a pipe nobody sees whether it is let go: what has come by then is recorded.
    if (responseBodyStatus === "truncated" && Object.keys(ways)[at] === "pipe") assert.ok(text.startsWith(responseBody));
    else assert.deepEqual([responseBody, responseBodyStatus], [text, "captured"], Object.keys(ways)[at]);
  }
  await close();
});

test("event streams and large downloads are not read beside the page", async () => {
  const state = {};
  const large = (_request, response) => {
    response.writeHead(200, { "content-type": "text/csv", "content-length": String(2 ** 30) });
    response.write("a,b\n");
  };
  const { page, requests, close } = await open({ "/events": endless("text/event-stream", state, { everyMs: 20, chunk: "data: 1\n\n" }), "/large": large });
  await page.evaluate(async () => {
    const stream = await fetch("/events");
    const aborting = new AbortController();
    await fetch("/large", { signal: aborting.signal });
    aborting.abort();
    await stream.body.cancel();
  });
  await until(() => state.isClosed, "the stream ends at once");
  assert.deepEqual((await requests(2)).map(({ responseBody, responseBodyStatus }) => [responseBody, responseBodyStatus]), [[undefined, "skipped_stream"], [undefined, "skipped_large"]]);
  await close();
});

test("lists of headers and paths of JSON are applied before anything leaves; nothing is kept that could not be checked", async () => {
  const body = { request: { allowlist: ["/user/name"] }, response: { excludelist: ["/**/card"] } };
  const headers = { allowlist: ["x-a", "authorization"], excludelist: ["X-B"] };
  const { page, messages, requests, close } = await open(
    { "/api": json('{"card":"private","list":[{"card":"private","n":1}]}', { "x-a": "1", "x-c": "private" }), "/text": (_request, response) => response.end("private") },
    { network: { body, headers } },
  );
  await page.evaluate(async () => {
    const sent = JSON.stringify({ user: { name: "shown", born: "private" }, more: "private" });
    await fetch("/api", { method: "POST", body: sent, headers: { "X-A": "1", "X-B": "private", Authorization: "private" } });
    await fetch("/text", { method: "POST", body: "private" });
    await fetch("/text", { method: "POST", body: JSON.stringify({ user: { name: "x".repeat(1_100_000) }, a: "private" }) });
  });
  const all = await requests(3);
  assert.deepEqual([all[0].requestBody, all[0].responseBody], ['{"user":{"name":"shown"}}', '{"list":[{"n":1}]}']);
  assert.deepEqual(all[0].requestHeaders, { "X-A": "1", Authorization: "********" });
  assert.deepEqual(all[0].responseHeaders, { "x-a": "1" });
  assert.deepEqual(all.slice(1).map(({ requestBody, responseBodyStatus }) => [requestBody, responseBodyStatus]), [[undefined, "skipped_unparsed"], [undefined, "skipped_unparsed"]]);
  assert.ok(!messages.join().includes("private"));
  await close();
});

test("without bodies in the configuration none is kept, and maxBodySizeBytes cuts", async () => {
  const answers = { "/api": json('{"text":"äöü"}') };
  const off = await open(answers, { network: {} });
  await off.page.evaluate(() => fetch("/api", { method: "POST", body: "private" }));
  const [{ requestBody, responseBody, responseBodyStatus }] = await off.requests(1);
  assert.deepEqual([requestBody, responseBody, responseBodyStatus], [undefined, undefined, undefined]);
  await off.close();
  const cut = await open(answers, { network: { body: { ...ALL, maxBodySizeBytes: 12 } } });
  await cut.page.evaluate(() => fetch("/api", { method: "POST", body: "äöü".repeat(9) }));
  const [one] = await cut.requests(1);
  assert.deepEqual([one.requestBody, one.responseBody, one.responseBodyStatus], ["äöüäöü", '{"text":"ä', "truncated"]);
  await cut.close();
});

test("no secret leaves the page: headers, addresses, bodies, passwords that were typed", async () => {
  const { page, messages, requests, close } = await open({
    "/api": (request, response) => {
      let text = "";
      request.on("data", (chunk) => (text += chunk)).on("end", () => json(text, { "x-session-token": "s3cr3t-1" })(request, response));
    },
  });
  await page.fill("#p", 'hünter "2"');
  await page.evaluate(async () => {
    const typed = document.getElementById("p").value;
    const headers = { Authorization: "Basic s3cr3t-2", Cookie: "a=s3cr3t-3", "X-Api-Key": "s3cr3t-4", "Proxy-Authorization": "s3cr3t-5", "X-Typed": encodeURIComponent(typed) };
    await fetch(`/api?access_token=s3cr3t-6&p=${encodeURIComponent(typed)}`, { method: "POST", headers, body: JSON.stringify({ user: "u", p: typed, clientSecret: "s3cr3t-7" }) });
    await fetch("/api", { method: "POST", body: new URLSearchParams({ p: typed, refresh_token: "s3cr3t-8" }) });
    const xhr = new XMLHttpRequest();
    xhr.open("POST", `/api?p=${encodeURIComponent(typed)}`, false, "u", "s3cr3t-9");
    xhr.send(typed);
    await fetch("http://u:s3cr3t-10@127.0.0.1:1/").catch(() => {});
    const other = new XMLHttpRequest();
    other.open("GET", location.href.replace("//", "//u:s3cr3t-11@") + "#id_token=s3cr3t-12");
    other.send();
  });
  const all = await requests(5);
  assert.equal(all[0].requestBody, '{"user":"u","p":"********","clientSecret":"********"}');
  const sent = messages.join("\n");
  for (const secret of ["s3cr3t", "hünter", "h%C3%BCnter"]) {
    const at = sent.indexOf(secret);
    assert.ok(at < 0, `"${secret}" left the page: ${sent.slice(Math.max(0, at - 80), at + 40)}`);
  }
  await close();
});

test("rules are true of whole addresses, however long; of one that is too long for them its origin is told", async () => {
  const ugcFilterRules = [{ selector: "http://*/users/*/orders", replacement: "http://x/users/{id}/orders" }];
  const { page, url, messages, requests, close } = await open({}, { ugcFilterRules });
  await page.evaluate(async () => {
    for (const length of [5, 3_000, 8_100, 9_000]) await fetch(`/users/jane${"e".repeat(length)}/orders`);
    await fetch(`/other/${"o".repeat(3_000)}`);
  });
  const urls = (await requests(5)).map((request) => request.url);
  assert.deepEqual(urls.slice(0, 4), [...Array(3).fill("http://x/users/{id}/orders"), new URL(url).origin]);
  assert.equal(urls[4], new URL(`/other/${"o".repeat(3_000)}`, url).href);
  assert.doesNotMatch(messages.join(), /jane/);
  await close();
});

test("the page can't tell fetch, XMLHttpRequest and sendBeacon from the browser's", async () => {
  const look = async () => {
    const shown = (holder, name) => {
      const { value, ...flags } = Object.getOwnPropertyDescriptor(holder, name);
      return [String(value), value.name, value.length, Object.keys(value), "prototype" in value, flags];
    };
    const fails = async (work) => {
      try {
        return await work();
      } catch (error) {
        return [error.name, error.message, error.constructor === globalThis[error.name]];
      }
    };
    const { prototype } = XMLHttpRequest;
    const aborting = new AbortController();
    aborting.abort(new RangeError("mine"));
    const reads = [];
    await fetch("/", { get method() { reads.push("method"); return "GET"; }, get headers() { reads.push("headers"); return {}; }, get body() { reads.push("body"); } });
    const response = await fetch("/");
    return [
      shown(window, "fetch"), ...["open", "send", "setRequestHeader"].map((name) => shown(prototype, name)), shown(Navigator.prototype, "sendBeacon"),
      await fails(() => fetch()), await fails(() => fetch("http://[")), await fails(() => fetch.call({}, "/")), await fails(() => fetch("/", { signal: aborting.signal })),
      await fails(() => new XMLHttpRequest().send()), await fails(() => new XMLHttpRequest().open("B A D", "/")), await fails(() => prototype.open.call({}, "GET", "/")),
      await fails(() => Navigator.prototype.sendBeacon.call({}, "/")), fetch("/").constructor === Promise, response.bodyUsed, (await response.text()).length, reads.sort().join(),
    ];
  };
  const { page, url, requests, close } = await open({});
  const plain = await browser.newPage();
  await plain.goto(url);
  assert.deepEqual(await page.evaluate(look), await plain.evaluate(look));
  await requests(3);
  await plain.close();
  await close();
});

test("a rejection that the page does not handle is still reported as unhandled, one that it handles is not", async () => {
  const { page, requests, errors, close } = await open({});
  await page.evaluate(async () => {
    await fetch("http://127.0.0.1:1/handled").catch(() => {});
    void fetch("http://127.0.0.1:1/unhandled");
  });
  assert.deepEqual((await requests(2)).map(({ error }) => error), Array(2).fill({ name: "TypeError", message: "Failed to fetch" }));
  await until(() => errors.length > 0, "the rejection");
  await sleep(100);
  assert.deepEqual(errors, ["TypeError: Failed to fetch"]);
  await close();
});

test("pages that freeze or replace fetch, before or after", async () => {
  const frozen = await open({}, { first: 'Object.defineProperty(window, "fetch", { writable: false, configurable: false, value: fetch });' });
  await frozen.page.evaluate(() => fetch("/"));
  const { problems } = await frozen.page.evaluate(() => sessionReplayRecorder.status());
  assert.ok(problems.some((problem) => problem.includes("fetch read-only")), problems.join());
  await frozen.close();
  const first = `window.fetch = ((native) => (url) => (url === "throws" ? (() => { throw new RangeError("mine"); })() : url === "thenable" ? { then: (done) => done("thenable") } :
    url === "special" ? Object.assign(Promise.resolve("special"), { cancel: () => "cancelled" }) : native(url)))(fetch);`;
  const replaced = await open({ "/api": json("{}") }, { first });
  const seen = await replaced.page.evaluate(async () => {
    let thrown;
    try {
      fetch("throws");
    } catch (error) {
      thrown = error.message;
    }
    const special = fetch("special");
    const ours = fetch;
    window.fetch = (...given) => ours(...given);
    await fetch("/api");
    return [thrown, await fetch("thenable"), special.cancel(), await special];
  });
  assert.deepEqual(seen, ["mine", "thenable", "cancelled", "special"]);
  assert.ok((await replaced.requests(1)).some(({ url, status }) => url.endsWith("/api") && status === 200));
  await replaced.close();
});

test("a storm of requests: some are recorded, the others are counted", async () => {
  const { page, events, close } = await open({}, { first: "navigator.sendBeacon = () => true; Navigator.prototype.sendBeacon = () => true; delete navigator.sendBeacon;" });
  await page.evaluate(() => {
    for (let i = 0; i < 20_000; i++) navigator.sendBeacon("/b", "x");
  });
  await until(() => {
    const texts = events().flatMap(({ data }) => (data?.plugin === "rrweb/console@1" ? data.payload.payload[0] : []));
    const leftOut = texts.reduce((sum, text) => sum + Number(/(\d+) requests/.exec(text)[1]), 0);
    return leftOut > 0 && requestEvents(events()).length + leftOut === 20_000;
  }, "each is recorded, or counted");
  assert.ok(requestEvents(events()).length < 2_000);
  await close();
});

test("Amplitude's own recorder beside ours is not recorded, nor is anything while ours pauses", async () => {
  const { page, requests, close } = await open({ "/api": json("{}") });
  await page.evaluate(async () => {
    await fetch("https://api-sr.amplitude.com/sessions/v2/track").catch(() => {});
    const during = fetch("/api");
    sessionReplayRecorder.pause();
    await during;
    await fetch("/api");
    sessionReplayRecorder.resume();
    await fetch("/api?last");
  });
  const all = await requests(1);
  assert.deepEqual(all.map(({ url }) => new URL(url).search), ["?last"]);
  await close();
});

test("of what another world reports only what a request has is recorded, masked and bounded", async () => {
  const source = `import { networkObserver } from "../src/network/observer";
    window.told = [];
    let say;
    const observer = networkObserver((host) => ((say = host.report), { configure() {} }))({ emit: (event) => told.push(event), address: (url) => url, note() {} });
    observer.configure({ page: {}, logging: { network: { enabled: true } } });
    observer.start();
    const request = { timestamp: 1, type: "fetch", method: "GET", url: "/a?key=abc", status: 200, responseBodyStatus: "captured" };
    say(request);
    say({ ...request, type: "other" });
    say({ ...request, method: "x".repeat(99), url: "/" + "x".repeat(20_000), secret: "hunter2", status: { pwd: "hunter2" }, duration: NaN, responseBodyStatus: "hunter2", error: { name: "x".repeat(999), message: "pwd=hunter2" } });`;
  const { page, close } = await openAlone(browser, "", [await bundle(source)]);
  const told = (await page.evaluate(() => JSON.parse(JSON.stringify(told)))).map(({ data }) => data.payload);
  assert.deepEqual(told[0], { timestamp: 1, type: "fetch", method: "GET", url: "/a?key=********", status: 200, responseBodyStatus: "captured" });
  assert.equal(told.length, 2);
  const { url, ...others } = told[1];
  assert.equal(url.length, 8_193);
  assert.deepEqual(others, { timestamp: 1, type: "fetch", method: "x".repeat(32), error: { name: "x".repeat(100), message: "pwd=********" } });
  await close();
});

test("lists that can't be understood keep nothing, and the status says so", async () => {
  const network = { headers: { excludelist: { accept: 1 } }, body: { request: { allowlist: 5 } } };
  const { page, requests, close } = await open({ "/api": json("{}") }, { network });
  await page.evaluate(() => fetch("/api", { method: "POST", body: '{"a":1}', headers: { accept: "a/b" } }));
  const [request] = await requests(1);
  assert.deepEqual([request.requestHeaders, request.requestBody, request.responseHeaders], [undefined, undefined, undefined]);
  const { problems } = await page.evaluate(() => sessionReplayRecorder.status());
  for (const part of ["headers.excludelist", "body.request.allowlist"]) assert.ok(problems.join().includes(part), problems.join());
  await close();
});
