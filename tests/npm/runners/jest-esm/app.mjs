import * as sessionReplay from "session-replay-native";

export const start = () => sessionReplay.init("API_KEY", { deviceId: "device" }).promise;
export const click = () => sessionReplay.record({ type: 3, timestamp: Date.now(), data: { source: 2, type: 2, id: 1 } });
