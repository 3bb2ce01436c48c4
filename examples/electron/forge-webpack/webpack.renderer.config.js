// As in Forge's template, without its style sheets.
module.exports = { module: { rules: require("./webpack.rules") } };
