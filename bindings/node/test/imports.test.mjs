// Data goes one way: no file imports one that imports it, and each room knows only the rooms after it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../src", import.meta.url));
const files = readdirSync(src, { recursive: true }).filter((name) => name.endsWith(".ts"));

/** Each room, and the rooms that it may import besides itself. */
const ROOMS = {
  electron: ["index", "shared-recorder", "copies", "locating", "options", "model", "model/shared", "browser-sdk-api"],
  packaging: ["locating", "model"],
  amplitude: ["integration", "options", "model", "model/shared"],
  segment: ["integration", "copies", "options", "model", "model/shared"],
  integration: ["options", "model", "model/shared"],
  index: ["shared-recorder", "options", "model", "model/shared", "browser-sdk-api"],
  "browser-sdk-api": ["options", "model"],
  "shared-recorder": ["recorder", "copies", "model"],
  recorder: ["options", "native", "copies", "model", "model/shared"],
  options: ["model", "model/shared"],
  native: ["copies", "locating", "model", "model/shared"],
  copies: ["locating", "model"],
  locating: [],
  model: ["model/shared"],
  "model/shared": [],
};

/** The files of the package that a file imports, types too. */
function importsOf(name) {
  const text = readFileSync(join(src, name), "utf8");
  const paths = [...text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)].map(([, path]) => path);
  return paths
    .map((path) => relative(src, resolve(src, dirname(name), path)).replace(/\.js$/, ".ts"))
    .filter((path) => !path.startsWith(".."));
}

function roomOf(name) {
  const path = name.split(sep).join("/");
  if (path.startsWith("model/shared/")) return "model/shared";
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : path.replace(/\.ts$/, "");
}

const imports = new Map(files.map((name) => [name, importsOf(name)]));

test("every import is of a file that exists, so that none is missed", () => {
  for (const [name, targets] of imports) for (const target of targets) assert.ok(imports.has(target), `${name}: ${target}`);
  assert.ok([...imports.values()].flat().length > 100);
});

test("no file imports one that imports it", () => {
  const done = new Set();
  const visit = (name, path) => {
    assert.ok(!path.includes(name), `a circle: ${[...path.slice(path.indexOf(name)), name].join(" -> ")}`);
    if (done.has(name)) return;
    for (const target of imports.get(name)) visit(target, [...path, name]);
    done.add(name);
  };
  files.forEach((name) => visit(name, []));
});

test("each room imports only the rooms after it", () => {
  for (const [name, targets] of imports) {
    const room = roomOf(name);
    assert.ok(Object.hasOwn(ROOMS, room), `${name}: no such room`);
    for (const target of targets.map(roomOf)) {
      assert.ok(target === room || ROOMS[room].includes(target), `${name} imports from ${target}`);
    }
  }
  const rooms = Object.keys(ROOMS);
  for (const [room, after] of Object.entries(ROOMS)) {
    for (const other of after) {
      assert.ok(!ROOMS[other].includes(room) && rooms.includes(other), `${room} and ${other} know each other`);
    }
  }
});
