// How copies of the package that meet in one process are told apart, and what is said of them. copies.test.mjs loads several.
import assert from "node:assert/strict";
import { test } from "node:test";
import { joinWarning, relationTo, standAsideReason } from "../dist/copies/copy.js";
import { CompanionRecorder } from "../dist/recorder/companion-recorder.js";
import { Recorder } from "../dist/recorder/recorder.js";
import { SessionControl } from "../dist/recorder/session-control.js";
import { Targeting } from "../dist/recorder/targeting.js";
import { ViewRecorder } from "../dist/recorder/view-recorder.js";
import { RECORDER_SHAPE } from "../dist/shared-recorder.js";

test("the first copy, the same one again, another one and one that does not fit are told apart", () => {
  const copy = (version, file, shape) => ({ version, folder: "/a", file, shape });
  const own = copy("0.2.0", "/a/here.js", 2);
  for (const [first, relation] of [
    [undefined, "first"],
    [own, "again"],
    [{ ...own, added: "by a later version" }, "again"],
    [copy("0.2.0", "/b/here.js", 2), "other-copy"],
    [copy("0.1.0", "/a/here.js", 2), "other-copy"],
    [copy("0.3.0", "/b/here.js", 2), "other-copy"],
    [copy("0.1.0", "/b/here.js", 1), "other-shape"],
    [copy("0.3.0", "/b/here.js", 3), "other-shape"],
    [copy("0.2.0", "/a/here.js", 3), "other-shape"],
  ]) {
    assert.equal(relationTo(first, own), relation, JSON.stringify(first));
  }
});

test("the log names both copies, by their files where the folder is the same, and says what to do", () => {
  const one = { version: "0.1.0", folder: "/app", file: "/app/main.js" };
  for (const [other, first, second] of [
    [{ version: "0.2.0", folder: "/plugin", file: "/plugin/x.js" }, "0.1.0 in /app", "0.2.0 in /plugin"],
    [{ version: "0.1.0", folder: "/app", file: "/app/worker.js" }, "0.1.0 in /app/main.js", "0.1.0 in /app/worker.js"],
  ]) {
    assert.match(joinWarning(one, other), new RegExp(`${first} and ${second}\\. .*npm ls session-replay-native`));
    assert.match(standAsideReason(one, other), new RegExp(`${second} records nothing.* ${first} before.* Install one version`));
  }
});

test("the shape that copies agree on changes with what they use of each other's recorder", () => {
  const membersOf = (type, prefix) =>
    Object.getOwnPropertyNames(type.prototype).flatMap((name) => (name === "constructor" ? [] : `${prefix}${name}`));
  // Copies call these through it, too.
  const setters = membersOf(SessionControl, "control.").filter((name) => /^control\.(set|delete)/.test(name));
  const members = [...membersOf(Recorder, ""), ...setters, ...membersOf(ViewRecorder, "views."), ...membersOf(CompanionRecorder, "companions."), ...membersOf(Targeting, "targeting.")];
  assert.deepEqual(
    [RECORDER_SHAPE, ...members.sort()],
    [10, ...MEMBERS],
    "raise RECORDER_SHAPE and change this list",
  );
});
const MEMBERS = [
  "addLoader",
  "companions.log",
  "companions.request",
  "control.deleteStored",
  "control.setDeviceId",
  "control.setOptOut",
  "control.setSessionId",
  "control.setStopped",
  "events",
  "flush",
  "followAnalytics",
  "init",
  "isFollowing",
  "pageConfig",
  "poller",
  "privacyConfig",
  "processSegmentEvent",
  "properties",
  "record",
  "recordLines",
  "replayId",
  "replayUrl",
  "sessionId",
  "shutdown",
  "stats",
  "targeting.evaluate",
  "targeting.evaluateAndCapture",
  "views.captureNow",
  "views.close",
  "views.custom",
  "views.interaction",
  "views.isCapturing",
  "views.key",
  "views.maskLevel",
  "views.nextFrameMs",
  "views.place",
  "views.pointer",
  "views.record",
  "views.setNodes",
  "views.showFrame",
  "warnOfCopy",
];
