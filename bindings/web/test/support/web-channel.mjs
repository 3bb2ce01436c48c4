// A Qt host's end of a QWebChannel, as much of it as publishes one object with one slot. The page's end is Qt's own.
const INVOKE = 6;
const RESPONSE = 10;
const INIT = 3;

/** Runs in the page: what QWebEngineView offers at document start. `take` gets each text that the slot is called with. */
export function qtTransport(take, answersAfterMs) {
  const transport = {
    onmessage: null,
    send(text) {
      const message = JSON.parse(text);
      const answer = (data) =>
        setTimeout(
          () => transport.onmessage({ data: JSON.stringify({ type: RESPONSE_TYPE, id: message.id, data }) }),
          answersAfterMs,
        );
      if (message.type === INIT_TYPE) {
        answer({
          sessionReplay: {
            methods: [
              ["postMessage", 0],
              ["postMessage(QString)", 0],
            ],
            signals: [],
            properties: [],
            enums: {},
          },
        });
      }
      if (message.type === INVOKE_TYPE) {
        take(message.args[0]);
        answer(null);
      }
    },
  };
  window.qt = { webChannelTransport: transport };
}

export const qtTransportScript = (take, answersAfterMs = 50) =>
  `(${String(qtTransport)
    .replace("RESPONSE_TYPE", RESPONSE)
    .replace("INIT_TYPE", INIT)
    .replace("INVOKE_TYPE", INVOKE)})(${take}, ${answersAfterMs});`;
