// Situations in which rules choose whether a session is captured: the remote configuration, what happens, and whether the session is
// captured behind each step. `beside`: what a step is given is a page with `window.replay` (support/deciders.mjs).

import { addressHas, condition, eventIs, ofHundred, planIs, rule, targeting } from "../support/targeting.mjs";

const opens = ["the page opens", async () => {}];
const goes = (path) => [`the page goes to ${path}`, (page) => page.evaluate((path) => history.pushState(null, "", path), path)];
const evaluates = (what, given) => [`evaluateTargetingAndCapture: ${what}`, (page) => page.evaluate((given) => window.replay.evaluate(given), given)];
/** The event goes through the plugin for Amplitude's SDK: the answer is whether that very event leads to the replay. */
const tracks = (event) => [`${event.event_type} is tracked`, (page) => page.evaluate((event) => window.replay.track(event), event)];
const bought = { event_type: "Bought", event_properties: { price: 30 } };

export const SITUATIONS = [
  {
    name: "sample rate 1, and a rule that never matches",
    sampleRate: 1,
    targeting: targeting(rule("nobody", planIs("none such"))),
    steps: [[opens, false], [goes("/shop/cart"), false], [evaluates("an event", { event: bought }), false]],
  },
  {
    name: "an event rule, and the event is tracked",
    sampleRate: 0,
    hasPlugin: true,
    targeting: targeting(rule("buyers", eventIs("Bought"), condition("event.event_properties.price", "greater", "20"))),
    steps: [
      [opens, false],
      [tracks({ event_type: "Viewed" }), false],
      [tracks({ ...bought, event_properties: { price: 10 } }), false],
      [tracks(bought), true],
      [tracks({ event_type: "Viewed" }), true],
    ],
  },
  {
    name: "an event rule, and the event is not tracked",
    sampleRate: 1,
    hasPlugin: true,
    targeting: targeting(rule("buyers", eventIs("Bought"))),
    steps: [[opens, false], [tracks({ event_type: "Viewed" }), false], [tracks({ event_type: "bought" }), false]],
  },
  {
    name: "a rule about the user, who is known from the start",
    sampleRate: 0,
    userProperties: { plan: "paid" },
    targeting: targeting(rule("paying", planIs("paid"))),
    steps: [[opens, true]],
  },
  {
    name: "a rule about the user, who identifies later",
    sampleRate: 0,
    hasPlugin: true,
    targeting: targeting(rule("paying", planIs("paid"))),
    steps: [
      [opens, false],
      [tracks({ event_type: "$identify", user_properties: { $set: { plan: "free" } } }), false],
      // The event that identifies leads to no replay; the next one does.
      [tracks({ event_type: "$identify", user_properties: { $set: { plan: "paid" } } }), false],
      [tracks({ event_type: "Viewed" }), true],
    ],
  },
  {
    name: "a rule that takes everybody, and no share of them",
    sampleRate: 1,
    targeting: targeting(ofHundred(0, rule("everybody", addressHas("http")))),
    steps: [[opens, false], [goes("/shop/cart"), false]],
  },
  {
    name: "a rule that takes everybody, and all of them",
    sampleRate: 0,
    targeting: targeting(ofHundred(100, rule("everybody", addressHas("http")))),
    steps: [[opens, true]],
  },
  {
    name: "sample rate 0, and a rule about the address of the start",
    sampleRate: 0,
    targeting: targeting(rule("shop", addressHas("/shop/index"))),
    steps: [[opens, true], [goes("/help"), true]],
  },
  {
    name: "sample rate 0, and a rule about an address that the page goes to",
    sampleRate: 0,
    targeting: targeting(rule("cart", addressHas("/cart"))),
    steps: [[opens, false], [goes("/shop/list"), false], [goes("/shop/cart"), true], [goes("/shop/list"), true]],
  },
  {
    name: "an event rule through evaluateTargetingAndCapture",
    sampleRate: 0,
    targeting: targeting(rule("buyers", eventIs("Bought"))),
    steps: [
      [opens, false],
      [evaluates("another event", { event: { event_type: "Viewed" } }), false],
      [evaluates("that event", { event: bought }), true],
      [evaluates("another event again", { event: { event_type: "Viewed" } }), true],
    ],
  },
  { name: "{}, and sample rate 1", sampleRate: 1, targeting: {}, steps: [[opens, true], [evaluates("an event", { event: bought }), true]] },
  { name: "{}, and sample rate 0", sampleRate: 0, targeting: {}, steps: [[opens, false], [evaluates("an event", { event: bought }), false]] },
];
