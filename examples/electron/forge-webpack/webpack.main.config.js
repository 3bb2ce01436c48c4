// As in Forge's template: session-replay-native needs nothing here, neither "externals" nor a plugin.
module.exports = {
  entry: "./src/main.js",
  module: { rules: require("./webpack.rules") },
};
