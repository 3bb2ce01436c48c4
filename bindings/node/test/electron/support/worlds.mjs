// Runs in the page's two worlds: what stands for Electron's `ipcRenderer` and `contextBridge` there. The worlds share the
// document alone; calls between them are events on it, answered before `dispatchEvent` returns, with copies of values.

/** In the page's world: makes what the preload script exposes. */
export function pageWorld() {
  if (window.top !== window) return;
  const listeners = [];
  const returned = [];
  const promises = new Map();
  const ask = (message) => document.dispatchEvent(new CustomEvent("to-preload", { detail: JSON.stringify(message) }));
  /** What came across: `{ value }`, `{ promise }` or `{ error }`, also inside an object. */
  const unpack = (packed) => {
    if (packed.error !== undefined) throw new Error(packed.error);
    if (packed.members)
      return Object.fromEntries(Object.entries(packed.members).map(([key, member]) => [key, unpack(member)]));
    if (packed.fn !== undefined) return (...given) => call({ api: packed.api, fn: packed.fn }, given);
    if (packed.promise === undefined) return packed.value;
    return new Promise((resolve, reject) => promises.set(packed.promise, { resolve, reject }));
  };
  const call = (what, given) => {
    const values = given.map((value) =>
      typeof value === "function" ? { listener: listeners.push(value) - 1 } : { value },
    );
    ask({ ...what, given: values });
    return unpack(returned.pop());
  };
  document.addEventListener("to-page", ({ detail }) => {
    const message = JSON.parse(detail);
    if (message.run) (0, eval)(message.run);
    if (message.returned) returned.push(message.returned);
    if (message.listener !== undefined) listeners[message.listener](...message.given);
    if (message.settled) {
      const { resolve, reject } = promises.get(message.settled);
      if (message.error === undefined) resolve(message.value);
      else reject(new Error(message.error));
    }
    if (message.expose) {
      const api = Object.fromEntries(
        message.members.map((name) => [name, (...given) => call({ api: message.expose, name }, given)]),
      );
      Object.defineProperty(window, message.expose, { value: Object.freeze(api) });
    }
  });
}

/** In the preload script's world: `require("electron")` and `process`, as a sandboxed preload script has them. */
export function preloadWorld(contextIsolated) {
  const tell = (message) => document.dispatchEvent(new CustomEvent("to-page", { detail: JSON.stringify(message) }));
  const heard = new Map();
  const calls = new Map();
  const promises = { last: 0 };
  const functions = [];
  let lastCall = 0;
  const send = (message) => globalThis.electronSends(JSON.stringify({ ...message, href: location.href }));
  const ipcRenderer = {
    on: (channel, listener) => void heard.set(channel, [...(heard.get(channel) ?? []), listener]),
    send: (channel, ...given) => send({ channel, given }),
    invoke: (channel, ...given) =>
      new Promise((resolve, reject) => {
        calls.set(++lastCall, { resolve, reject });
        send({ call: lastCall, channel, given });
      }),
  };
  globalThis.electronDelivers = (channel, given) => heard.get(channel)?.forEach((listener) => listener({}, ...given));
  globalThis.electronAnswers = (call, { value, error }) => {
    const { resolve, reject } = calls.get(call);
    calls.delete(call);
    if (error === undefined) resolve(value);
    else reject(new Error(error));
  };
  const pack = (value, api) => {
    if (typeof value === "function") return { api, fn: functions.push(value) - 1 };
    if (typeof value?.then === "function") {
      const id = ++promises.last;
      value.then(
        (value) => tell({ settled: id, value }),
        (error) => tell({ settled: id, error: error.message }),
      );
      return { promise: id };
    }
    const isHolder =
      typeof value === "object" &&
      value !== null &&
      Object.values(value).some((member) => typeof member?.then === "function");
    if (isHolder)
      return { members: Object.fromEntries(Object.entries(value).map(([key, member]) => [key, pack(member, api)])) };
    return { value };
  };
  const exposed = new Set();
  const contextBridge = {
    exposeInMainWorld(key, api) {
      if (!contextIsolated) throw new Error("contextBridge API can only be used when contextIsolation is enabled");
      if (exposed.has(key)) throw new Error("Cannot bind an API on top of an existing property on the window object");
      exposed.add(key);
      document.addEventListener("to-preload", ({ detail }) => {
        const { api: called, name, fn, given } = JSON.parse(detail);
        if (called !== key) return;
        const values = given.map(({ value, listener }) =>
          listener === undefined ? value : (...told) => tell({ listener, given: told }),
        );
        let answer;
        try {
          answer = pack(name === undefined ? functions[fn](...values) : api[name](...values), key);
        } catch (error) {
          answer = { error: error.message };
        }
        tell({ returned: answer });
      });
      tell({ expose: key, members: Object.keys(api) });
    },
    executeInMainWorld: ({ func, args }) => tell({ run: `(${func})(...${JSON.stringify(args)})` }),
  };
  const electron = { contextBridge, ipcRenderer, webFrame: {} };
  globalThis.electronPreload = {
    process: { contextIsolated },
    require: (name) => {
      if (name !== "electron") throw new Error(`a sandboxed preload script can't require ${name}`);
      return electron;
    },
  };
}
