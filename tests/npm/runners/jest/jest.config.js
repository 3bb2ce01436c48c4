module.exports = { testSequencer: "./by-name.js" };
