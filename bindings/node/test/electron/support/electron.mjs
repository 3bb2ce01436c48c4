// Electron's side of the contract, without Electron: `app`, `ipcMain` and windows whose renderer is the real Chromium.
//
// The preload script runs in an isolated world of the page (DevTools protocol), as Electron runs it. IPC crosses from there
// into this process through a binding, as JSON, and back by evaluation in that world. Between the page's world and the
// preload script's nothing is shared but the document, over which `contextBridge` is imitated.
import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { pageWorld, preloadWorld } from "./worlds.mjs";

/** The package's preload script. */
export const preload = readFileSync(
  fileURLToPath(new URL("../../../dist/electron/session-replay-preload.js", import.meta.url)),
  "utf8",
);
const WORLD = "preload";

export class App extends EventEmitter {
  quits = 0;

  constructor(userData, appPath = "/opt/shop/app.asar") {
    super();
    this.userData = userData;
    this.appPath = appPath;
  }

  getName = () => "My Shop";
  getAppPath = () => this.appPath;
  isReady = () => true;

  getPath(name) {
    if (name !== "userData") throw new Error(`nobody asked for ${name}`);
    return this.userData;
  }

  /** As Electron: whoever prevents it has to quit again; once nobody does, the process ends with "quit". */
  quit() {
    this.quits++;
    this.hasQuit = ["before-quit", "will-quit"].every((name) => {
      const event = new PreventableEvent();
      this.emit(name, event);
      return !event.defaultPrevented;
    });
    if (this.hasQuit) this.emit("quit", new PreventableEvent(), 0);
  }
}

/** What listeners may prevent. */
export class PreventableEvent {
  #isPrevented = false;

  get defaultPrevented() {
    return this.#isPrevented;
  }

  preventDefault() {
    this.#isPrevented = true;
  }
}

export class IpcMain extends EventEmitter {
  handlers = new Map();

  handle(channel, handler) {
    if (this.handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, handler);
  }

  removeHandler(channel) {
    this.handlers.delete(channel);
  }

  async invoke(channel, event, ...given) {
    const handler = this.handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return handler(event, ...given);
  }
}

let lastId = 0;

/** What `event.sender` is; its pages speak from `mainFrame`. */
export class Contents extends EventEmitter {
  id = ++lastId;
  isThere = true;
  hasFocus = false;
  isLoading = false;
  type = "window";
  hostWebContents = null;
  sent = [];
  mainFrame = { url: "app://shop/index.html", parent: null };

  isDestroyed = () => !this.isThere;
  isFocused = () => this.hasFocus;
  isLoadingMainFrame = () => this.isLoading;
  getType = () => this.type;

  send(channel, ...given) {
    if (!this.isThere) throw new TypeError("Object has been destroyed");
    // As the structured clone: what can't be copied can't be sent.
    this.sent.push([channel, ...structuredClone(given)]);
    this.deliver?.(channel, given);
  }

  destroy() {
    this.isThere = false;
    this.emit("destroyed");
  }

  event = (frame = this.mainFrame) => ({ sender: this, senderFrame: frame });
}

/**
 * Opens a window: a page of the real Chromium with the texts of its preload scripts, which run one after the other, in a world
 * of their own unless `contextIsolation` is false. `html` is a page, or makes one of its address.
 */
export async function openWindow(
  context,
  ipcMain,
  app,
  { html, url = "app://shop/index.html", scripts = [], preloads = [preload], contextIsolation = true, onContents, contents = new Contents() },
) {
  const page = await context.newPage();
  app.emit("web-contents-created", {}, contents);
  await onContents?.(contents, page);
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  const warnings = [];
  page.on("console", (message) => {
    if (message.type() === "warning") warnings.push(message.text());
    if (message.text().startsWith("Unable to load preload script")) errors.push(message.text());
  });
  const cdp = await context.newCDPSession(page);
  const worlds = new Set();
  cdp.on("Runtime.executionContextCreated", ({ context: { id, name, auxData } }) => {
    if (contextIsolation ? name === WORLD : auxData.isDefault) worlds.add(id);
  });
  cdp.on("Runtime.executionContextDestroyed", ({ executionContextId }) => worlds.delete(executionContextId));
  cdp.on("Runtime.executionContextsCleared", () => worlds.clear());
  const run = (id, expression) => cdp.send("Runtime.evaluate", { contextId: id, expression }).catch(() => {});
  contents.deliver = (channel, given) => {
    for (const id of worlds) void run(id, `electronDelivers(${JSON.stringify(channel)}, ${JSON.stringify(given)})`);
  };
  cdp.on("Runtime.bindingCalled", async ({ name, payload, executionContextId }) => {
    if (name !== "electronSends") return;
    const { call, channel, given, href } = JSON.parse(payload);
    if (contents.mainFrame.href !== href)
      contents.mainFrame = { url: contents.shownAs ?? appUrl(href), href, parent: null };
    const event = contents.event();
    if (call === undefined) return void ipcMain.emit(channel, event, ...given);
    const settled = await ipcMain.invoke(channel, event, ...given).then(
      (value) => ({ value }),
      (error) => ({ error: String(error) }),
    );
    await run(executionContextId, `electronAnswers(${call}, ${JSON.stringify(settled)})`);
  });
  const source = [`(${preloadWorld})(${contextIsolation});`, ...preloads.map(asPreload)].join("\n");
  const world = contextIsolation ? { worldName: WORLD } : {};
  await cdp.send("Runtime.enable");
  await cdp.send("Page.enable");
  await cdp.send("Runtime.addBinding", { name: "electronSends", ...(contextIsolation && { executionContextName: WORLD }) });
  await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source: `(${pageWorld})();` });
  await cdp.send("Page.addScriptToEvaluateOnNewDocument", { source, ...world });
  for (const content of scripts) await page.addInitScript({ content });
  // Chromium has no scheme of the app's own; a host of the same name stands for it.
  await page.route("http://app.test/**", (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: typeof html === "function" ? html(route.request().url()) : html,
    }),
  );
  contents.shownAs = url.startsWith("app:") ? undefined : url;
  page.on("framenavigated", (frame) => {
    if (frame === page.mainFrame()) contents.emit("did-navigate", {}, contents.shownAs ?? appUrl(frame.url()));
  });
  page.on("load", async () => {
    const title = await page.title().catch(() => undefined);
    if (title !== undefined) contents.emit("page-title-updated", {}, title, true);
  });
  const show = async (path = "shop/index.html") => {
    contents.isLoading = true;
    contents.emit("did-start-loading");
    await page.goto(`http://app.test/${path}`);
    contents.isLoading = false;
    contents.emit("did-stop-loading");
  };
  await show();
  const focus = () => {
    contents.hasFocus = true;
    app.emit("browser-window-focus", {}, { webContents: contents });
    contents.emit("focus");
  };
  const close = async () => {
    await page.close({ runBeforeUnload: false });
    contents.destroy();
  };
  const inPreload = async (expression) => {
    const [id] = [...worlds].slice(-1);
    const { result } = await cdp.send("Runtime.evaluate", {
      contextId: id,
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    return result.value;
  };
  return { page, contents, errors, warnings, show, focus, close, inPreload };
}

/** A script as Electron runs it: one that throws is reported, and the next one runs. */
const asPreload = (text) =>
  `try { ((require, process, exports, module) => {\n${text}\n})(electronPreload.require, electronPreload.process, {}, { exports: {} }); }
catch (error) { console.error("Unable to load preload script", error); }`;

const appUrl = (href) => href.replace("http://app.test/", "app://");
