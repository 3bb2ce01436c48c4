// Tells the page's address with each full snapshot and at each change, as the browser SDK's plugin for rrweb does.

import { EventType } from "../model/rrweb-event";
import type { MakeObserver, ObserverContext } from "../observers/observer";
import { checkAddress, onAddressChange, seesAllChanges } from "./address-watch";

const PLUGIN = "amplitude/url-tracking@1";

export const trackAddress: MakeObserver = (context) => {
  let hasTitle = false;
  let pollMs = 0;
  let isRecording = false;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tell = () =>
    context.emit({ type: EventType.Plugin, data: { plugin: PLUGIN, payload: describe(context, hasTitle) } });
  const poll = () => {
    clearInterval(timer);
    timer = isRecording && pollMs > 0 ? setInterval(checkAddress, pollMs) : undefined;
  };
  onAddressChange(tell);
  context.onEvent(({ type }) => {
    // A session may begin with any full snapshot, and without a word to the page.
    if (type === EventType.FullSnapshot) queueMicrotask(tell);
    // In a page without an origin: whoever changes its address changes something in it, too.
    else if (!seesAllChanges()) checkAddress();
  });
  return {
    configure: ({ page }) => {
      hasTitle = page.captureDocumentTitle;
      pollMs = page.urlPollingMs;
      poll();
    },
    start: () => {
      isRecording = true;
      poll();
    },
    pause: () => {
      isRecording = false;
      poll();
    },
  };
};

const describe = (context: ObserverContext, hasTitle: boolean) => ({
  href: context.address(location.href),
  title: hasTitle ? context.text(document.title, document.querySelector("title")) : "",
  viewportHeight: innerHeight,
  viewportWidth: innerWidth,
  type: "url-change-event",
});
