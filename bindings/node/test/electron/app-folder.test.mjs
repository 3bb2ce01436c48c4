// The app's folder is taken out of texts in every spelling that a browser, Node.js or Windows has for it.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { test } from "node:test";

const require = createRequire(import.meta.url);
const { folderHider, isInFolder } = require("../../dist/electron/app-folder.js");

const APP = "app://My%20Shop";
const POSIX = "/home/jane doe/My [App]~1/app.asar";
const WINDOWS = "file:///C:/Users/Jane%20Doe/My%20%5BApp%5D%7E1/app.asar";
const CHROMIUM = "/home/jane%20doe/My%20[App]~1/app.asar";
const SHARE = "file://server/users/jane/app.asar";

const hidden = (folder, page, text) => JSON.parse(folderHider(folder, APP, page)(JSON.stringify(text)));

test("a page knows the folder, however its address spells it", () => {
  const folder = pathToFileURL(POSIX).href;
  for (const [address, expected] of [
    [`${folder}/index.html`, true],
    [`file://${CHROMIUM}/index.html#/cart`, true],
    [`file://${CHROMIUM}.unpacked/index.html`, true],
    ["file:///home/jane%20doe/other.html", false],
    ["file:///home/%E0%A4%A", false],
    ["app://shop/index.html", false],
  ]) {
    assert.equal(isInFolder(address, folder), expected, address);
  }
  assert.ok(isInFolder("file:///c:/Users/Jane%20Doe/My%20[App]~1/app.asar/index.html", WINDOWS));
  assert.ok(!isInFolder("file:///d:/Users/Jane%20Doe/My%20[App]~1/app.asar/index.html", WINDOWS));
});

for (const [kind, folder, page, forms] of [
  ["POSIX", pathToFileURL(POSIX).href, `file://${CHROMIUM}/index.html`, [
    pathToFileURL(POSIX).href,
    `file://${CHROMIUM}`,
    `file://${POSIX}`,
    POSIX,
    CHROMIUM,
    encodeURIComponent(`file://${CHROMIUM}`),
    encodeURIComponent(POSIX),
  ]],
  ["Windows", WINDOWS, "file:///C:/Users/Jane%20Doe/My%20[App]~1/app.asar/index.html", [
    WINDOWS,
    "file:///C:/Users/Jane%20Doe/My%20[App]~1/app.asar",
    "file:///c:/Users/Jane%20Doe/My%20[App]~1/app.asar",
    "C:\\Users\\Jane Doe\\My [App]~1\\app.asar",
    "c:\\Users\\Jane Doe\\My [App]~1\\app.asar",
    "C:/Users/Jane Doe/My [App]~1/app.asar",
    encodeURIComponent("C:\\Users\\Jane Doe\\My [App]~1\\app.asar").replaceAll("%5C", "%2F"),
  ]],
  ["a share of Windows", SHARE, `${SHARE}/index.html`, [SHARE, "server\\users\\jane\\app.asar"]],
]) {
  test(`nothing is left of the folder in a text: ${kind}`, () => {
    for (const form of forms) {
      assert.equal(hidden(folder, page, `at ${form}/main.js:1:2 and ${form}`), `at ${APP}/main.js:1:2 and ${APP}`, form);
    }
  });
}

test("what is not the folder stays", () => {
  const text = "See https://example.com/app/x, /app and C:\\app";
  assert.equal(hidden("file:///app", "file:///app/index.html", text), text);
  assert.equal(hidden("file:///C:/app", "file:///C:/app/index.html", text), text);
  const other = "/home/jane doe/other";
  assert.equal(hidden(pathToFileURL(POSIX).href, `file://${CHROMIUM}/index.html`, other), other);
});
