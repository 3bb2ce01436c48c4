const sessionReplay = require("session-replay-native");

exports.start = () => sessionReplay.init("API_KEY", { deviceId: "device" }).promise;
exports.click = () => sessionReplay.record({ type: 3, timestamp: Date.now(), data: { source: 2, type: 2, id: 1 } });
