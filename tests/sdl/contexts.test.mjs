// A frame of each kind of context is the right way up and in its colors, and leaves the host's state as it was.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { run } from "../support/children.mjs";
import { buildWithCMake } from "../support/cmake.mjs";
import { startDesk } from "../support/desk.mjs";
import { SESSION } from "../support/events.mjs";
import { colorsAt, keepPicture } from "../support/pictures.mjs";
import { isMoment, replayedAt } from "../support/replayed.mjs";

const [WIDTH, HEIGHT] = [256, 192];
const QUARTERS = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]];
/** Mesa can be an older OpenGL: without fences, without pixel buffers. */
const OLD = { MESA_GL_VERSION_OVERRIDE: "2.1", MESA_EXTENSION_OVERRIDE: "-GL_ARB_sync -GL_ARB_map_buffer_range" };
const OLDEST = { MESA_GL_VERSION_OVERRIDE: "2.0", MESA_EXTENSION_OVERRIDE: "-GL_ARB_pixel_buffer_object -GL_EXT_pixel_buffer_object", SR_NO_BUFFERS: "1" };
const KINDS = [
  ["core33"],
  ["compat"],
  ["es3"],
  ["compat", "OpenGL 2.1 without fences", OLD, /^compat: 2\.1/m],
  ["compat", "OpenGL 2.0 without pixel buffers", OLDEST, /^compat: 2\.0/m],
  ["es2", "OpenGL ES 2", { MESA_GLES_VERSION_OVERRIDE: "2.0" }, /^es2: OpenGL ES 2/m],
  ["renderer"],
  ["letterbox"],
  ["surface"],
];
let desk, programs;

before(async () => {
  [desk, programs] = await Promise.all([startDesk(), buildWithCMake("tests/sdl", "sdl")]);
});

after(() => desk?.stop());

for (const [number, [kind, name = kind, more = {}, says = /./]] of KINDS.entries()) {
  test(`${name}: its colors, its mask and its state`, { timeout: 120_000 }, async () => {
    const session = SESSION + number;
    const environment = desk.environment({ LIBGL_ALWAYS_SOFTWARE: "1", SDL_VIDEODRIVER: "x11", ...more });
    const { status, output } = await run(join(programs, "contexts"), [desk.viewer.url, String(session), kind], { env: environment });
    assert.equal(status, 0, output);
    assert.match(output, says);
    const events = await desk.viewer.events("sdl-contexts", session);
    const { windows, picture, page, close } = await replayedAt(desk, `sdl-context-${number}`, events, isMoment("drawn"));
    keepPicture(`sdl-context-${name.replaceAll(" ", "-")}-replay`, picture);
    const [left, top, width, height] = windows[0].place;
    assert.deepEqual([width, height], [WIDTH, HEIGHT]);
    // The bars of a letterbox take a quarter each.
    const bar = kind === "letterbox" ? HEIGHT / 4 : 0;
    const y = (part) => top + bar + Math.round((HEIGHT - 2 * bar) * part);
    const points = [[left + WIDTH / 8, y(1 / 8)], [left + (WIDTH * 7) / 8, y(1 / 8)], [left + WIDTH / 8, y(7 / 8)], [left + (WIDTH * 7) / 8, y(7 / 8)]];
    const colors = await colorsAt(page, picture, [...points, [left + WIDTH / 4 + 8, top + HEIGHT / 4 + 8]]);
    for (const [at, expected] of QUARTERS.entries()) {
      assert.ok(colors[at].every((value, channel) => Math.abs(value - expected[channel]) < 24), `${name}: ${colors[at]} is not ${expected}`);
    }
    const [red, green, blue] = colors[4];
    assert.ok(Math.abs(red - green) < 12 && Math.abs(green - blue) < 12, `${name}: ${colors[4]} is no mask`);
    await close();
  });
}

for (const isSanitized of [false, true]) {
  // Without a sanitizer, which gives no address again soon, a context often has the address of the one before.
  test(`hosts that do their worst are not harmed${isSanitized ? ", under sanitizers" : ""}`, { timeout: 600_000 }, async () => {
    const folder = isSanitized ? await buildWithCMake("tests/sdl", "sdl-sanitize", ["-DSR_SANITIZE=ON"]) : programs;
    // Mesa and the X libraries leak on their own.
    const more = { ASAN_OPTIONS: "detect_leaks=0", UBSAN_OPTIONS: "print_stacktrace=1" };
    const environment = desk.environment({ LIBGL_ALWAYS_SOFTWARE: "1", SDL_VIDEODRIVER: "x11", ...more });
    const { status, signal, output } = await run(join(folder, "hostile"), [desk.viewer.url], { env: environment });
    assert.deepEqual([status, signal, output.trim().split("\n").at(-1)], [0, null, "done"], output);
  });
}
