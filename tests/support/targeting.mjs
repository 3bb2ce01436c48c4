// Rules of the remote configuration that choose sessions (`sr_targeting_config`), as Amplitude's server sends them.

/** What an evaluation has at this place, such as `event.event_type`, compared with these values. */
export const condition = (selector, op, ...values) => ({ selector: ["context", ...selector.split(".")], op, values });

export const eventIs = (type) => condition("event.event_type", "is", type);
export const addressHas = (part) => condition("page.url", "contains", part);
export const planIs = (plan) => condition("user.user_properties.plan", "is", plan);

/** A rule: it takes those for whom all of these conditions hold. */
export const rule = (segmentName, ...conditions) => ({ metadata: { segmentName }, conditions: [conditions], variant: "on" });

/** The rule for this share of those that it takes, in 100. */
export const ofHundred = (share, given) => ({
  ...given,
  variant: undefined,
  bucket: {
    selector: ["context", "session_id"],
    salt: "salt",
    allocations: share === 0 ? [] : [{ range: [0, share], distributions: [{ variant: "on", range: [0, 42_949_673] }] }],
  },
});

/** Whoever none of these rules takes is left out. */
export const targeting = (...rules) => ({
  key: "sr_targeting_config",
  variants: { on: { key: "on" }, off: { key: "off" } },
  segments: [...rules, { metadata: { segmentName: "everybody else" }, variant: "off" }],
});

/** A remote configuration with these rules, whose sample takes nobody. */
export const remoteWith = (...rules) => ({
  sr_sampling_config: { sample_rate: 0, capture_enabled: true },
  sr_targeting_config: targeting(...rules),
});
