// As in Forge's template: session-replay-native needs nothing here, neither "external" nor a plugin.
export default {};
