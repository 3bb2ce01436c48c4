// Lets the page draw and answer between two parts of long work.

const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Goes on after what waits already; a timer would be slowed down in a page that is not seen. */
export function pause(): Promise<void> {
  return new Promise((done) => {
    waiting.push(done);
    channel.port2.postMessage(null);
  });
}
