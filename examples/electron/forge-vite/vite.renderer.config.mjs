// As in Forge's template.
export default {};
