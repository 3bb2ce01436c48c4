// Runs the files in the order of their names: one of them looks at what an earlier one has left.
const Sequencer = require("@jest/test-sequencer").default;

module.exports = class extends Sequencer {
  sort = (tests) => [...tests].sort((one, other) => (one.path < other.path ? -1 : 1));
};
