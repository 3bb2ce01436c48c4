// The files of the project, and how a path that somebody wrote finds one of them.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a name without its folders is looked for: what belongs together, the most particular first. */
const AREAS = ["bindings/node", "bindings/web", "bindings/shared", "viewer", "fuzz", "benches", "tests", "src"];

export class Tree {
  #reader;
  #known;

  /** `files`: paths from the root, with slashes; `read`: the text of one. */
  constructor(files, read) {
    this.files = [...files].sort();
    this.#reader = read;
    this.#known = new Set(this.files);
    for (const file of this.files) {
      for (let at = file.lastIndexOf("/"); at > 0; at = file.lastIndexOf("/", at - 1)) this.#known.add(file.slice(0, at));
    }
    this.#known.add(".");
    const tops = this.files.filter((file) => file.includes("/")).map((file) => file.split("/")[0]);
    this.folders = [...new Set(tops)].map((top) => top.replace(/[.]/g, "\\."));
  }

  /** The files that git knows, or would take. */
  static of(root) {
    const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
    const deleted = execFileSync("git", ["ls-files", "-z", "--deleted"], { cwd: root }).toString().split("\0");
    const gone = new Set(deleted);
    const files = listed.toString().split("\0").filter((file) => file && !gone.has(file));
    return new Tree(new Set(files), (path) => readFileSync(join(root, path), "utf8"));
  }

  read(path) {
    return this.#reader(path);
  }

  /** Whether exactly this file or folder is there. */
  has(path) {
    return this.#known.has(path);
  }

  /** Whether a cited path, which may hold `*`, `<name>` and `{a,b}`, is there. */
  finds(path, from) {
    return alternatives(path).every((one) => {
      const wanted = one.replace(/\/$/, "");
      return /[*<]/.test(wanted) ? this.#matches(wanted, from) : this.resolve(wanted, from) !== undefined;
    });
  }

  /** The file or folder that `path` means in the file `from`: from the root, beside it, or the end of a path in its area. */
  resolve(path, from) {
    return this.#candidates(path, from).find((one) => this.#known.has(one)) ?? this.#byEnd(path, from);
  }

  #candidates(path, from) {
    const folders = [""];
    for (let at = from.lastIndexOf("/"); at > 0; at = from.lastIndexOf("/", at - 1)) folders.push(`${from.slice(0, at)}/`);
    return folders.map((folder) => folder + path);
  }

  #byEnd(path, from) {
    if (this.#isFromRoot(path)) return undefined;
    const end = `/${path}`;
    const isNear = /\/|\.md$/.test(path) ? () => true : this.#near(from);
    return [...this.#known].find((one) => isNear(one) && one.endsWith(end));
  }

  /** What begins with a folder of the root means that one, and not one of the same name elsewhere. */
  #isFromRoot(path) {
    return path.includes("/") && this.#known.has(path.slice(0, path.indexOf("/")));
  }

  /** A name without its folder is looked for in its area; pages speak of everything. */
  #near(from) {
    const area = AREAS.find((one) => from.startsWith(`${one}/`));
    return area ? (path) => path.startsWith(`${area}/`) : () => true;
  }

  #matches(path, from) {
    const pattern = path
      .split(/(\*\*|\*|<[^>]*>)/)
      .map((part) => (part === "**" ? ".*" : part === "*" || part.startsWith("<") ? "[^/]*" : escaped(part)))
      .join("");
    const isNear = this.#near(from);
    const candidates = this.#candidates("", from).map(escaped).join("|");
    const [exact, ending] = [new RegExp(`^(?:${candidates})${pattern}$`), new RegExp(`(^|/)${pattern}$`)];
    const mayEnd = (one) => !this.#isFromRoot(path) && isNear(one) && ending.test(one);
    return [...this.#known].some((one) => exact.test(one) || mayEnd(one));
  }
}

const escaped = (text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&");

/** One path for each name in braces. */
function alternatives(path) {
  const found = /^(.*?)\{([^{}]*)\}(.*)$/.exec(path);
  return found ? found[2].split(",").flatMap((part) => alternatives(found[1] + part + found[3])) : [path];
}
