// The pictures on the buttons at the top; where the screen is narrow they stand alone.

const PATHS = {
  import: "M7 1h2v6h3l-4 4-4-4h3zM2 12h2v1.5h8V12h2v3.5H2z",
  delete: "M6 1h4v1.5h4V4H2V2.5h4zM3 5h10l-.8 10.5H3.8z",
};

export function icon(name: keyof typeof PATHS): Node {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}
