// Clicks and scroll depth for heatmaps, as the browser SDK tells them. The library recognizes them among the page's events,
// and sends them apart from the replay.

import { onAddressChange } from "../address/address-watch";
import { listen } from "../dom/listeners";
import { DEFAULT_SELECTOR_LIMITS } from "../model/page-options";
import { EventType } from "../model/rrweb-event";
import { INTERACTION_TAG } from "../model/shared";
import type { MakeObserver } from "../observers/observer";
import { clickRecord, type ClickRecord } from "./click-record";
import { clickIn, isScroll } from "./rrweb-interaction";
import { ScrollDepth, type ScrollRecord } from "./scroll-depth";

export const recordInteractions: MakeObserver = (context) => {
  let isEnabled = false;
  let limits = DEFAULT_SELECTOR_LIMITS;
  let depth = new ScrollDepth();
  const emit = (payload: ClickRecord | ScrollRecord) =>
    isEnabled && context.emit({ type: EventType.Custom, data: { tag: INTERACTION_TAG, payload } });

  onAddressChange((before) => {
    const told = context.address(before);
    // Addresses that are told as the same are one page.
    if (told === context.address(location.href)) return;
    emit(depth.record(told));
    depth = new ScrollDepth({ x: scrollX, y: scrollY });
  });
  // While it is captured, which is before the recorder sends what there is.
  listen(window, "pagehide", () => emit(depth.record(context.address(location.href))), { capture: true });
  context.onEvent((event) => {
    if (!isEnabled) return;
    if (isScroll(event)) depth.update();
    const click = clickIn(event);
    const record = click && clickRecord(context, limits, click);
    if (record) emit(record);
  });
  return {
    configure: ({ page, interaction }) => {
      limits = page.selectorLimits;
      if (interaction.enabled === true && !isEnabled) depth = new ScrollDepth();
      isEnabled = interaction.enabled === true;
    },
    start: () => {},
    pause: () => {},
  };
};
