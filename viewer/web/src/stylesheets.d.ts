// Style sheets are bundled by name.
declare module "*.css";
