// Commands that pages, comments, makefiles and workflows name, and whether what they run is there.

/** Texts that are shell from end to end. */
const SHELL = /\.(sh|yml)$|(^|\/)(Makefile|run)$/;

/** The commands in a file. */
export function* commandsIn(path, text, prose) {
  for (const code of codeIn(path, text, prose)) {
    for (const line of code.replace(/\\\n\s*/g, " ").split("\n")) yield* commandsOf(line);
  }
}

/** Fenced blocks and what stands between backticks; of a script all. */
function codeIn(path, text, prose) {
  if (SHELL.test(path)) return [text.replace(/^\s*#.*$/gm, ""), ...backticked(prose)];
  if (!path.endsWith(".md")) return backticked(prose);
  const fenced = [...text.matchAll(/^```(?:sh|bash|console|text)?\n([\s\S]*?)^```/gm)].map(([, block]) => block);
  return [...fenced, ...backticked(prose)];
}

const backticked = (prose) => {
  const pages = prose.filter(({ inside }) => inside);
  return pages.flatMap(({ text }) => [...text.matchAll(/`([^`]+)`/g)].map(([, code]) => code));
};

/** The commands of one line, with the folder that a `cd` before them names. */
function* commandsOf(line) {
  let folder;
  for (const part of line.split(/&&|;|\|\||\|(?!\|)/)) {
    const words = part.trim().replace(/^[@(]+/, "").replace(/\)$/, "").split(/\s+/);
    while (/^([A-Za-z_]\w*=|run:|-$|nice|exec$|timeout|sudo)/.test(words[0] ?? "")) words.shift();
    const [program, ...rest] = words;
    if (program === "cd") folder = rest[0];
    if (program === "make" || program === "$(MAKE)") yield make(rest);
    if (program === "cargo") yield cargo(rest);
    if (program === "npm") yield npm(rest, folder);
    if (program === "node") yield node(rest, folder);
  }
}

function make(words) {
  const targets = [];
  for (const word of words) {
    if (!/^[a-z][a-z0-9-]*$/.test(word)) break;
    targets.push(word);
  }
  return {
    problem(tree) {
      const known = new Set([...tree.read("Makefile").matchAll(/^([a-z][a-z0-9-]*):/gm)].map(([, target]) => target));
      const unknown = targets.find((target) => !known.has(target));
      return unknown && `make target ${unknown}`;
    },
  };
}

function cargo(words) {
  const named = (...flags) => {
    const found = [];
    words.forEach((word, at) => {
      if (word === "--") words.length = at;
      if (flags.includes(word) && /^[\w-]+$/.test(words[at + 1] ?? "")) found.push(words[at + 1]);
    });
    return found;
  };
  return {
    problem(tree) {
      const files = (name) => [`tests/${name}.rs`, `tests/${name}/main.rs`, `viewer/tests/${name}.rs`];
      const test = named("--test").find((name) => !files(name).some((file) => tree.has(file)));
      if (test) return `cargo's test ${test}`;
      const packages = new Set();
      for (const file of tree.files.filter((one) => /(^|\/)Cargo\.toml$/.test(one))) {
        for (const [, name] of tree.read(file).matchAll(/^name = "(.*)"$/gm)) packages.add(name);
      }
      const unknown = named("-p", "--package", "--bin").find((name) => !packages.has(name));
      return unknown && `cargo's package ${unknown}`;
    },
  };
}

function npm(words, folder) {
  const plain = words.filter((word) => !word.startsWith("-"));
  const script = plain[0] === "run" ? plain[1] : plain[0] === "test" ? "test" : undefined;
  return {
    problem(tree, from) {
      if (!script || !/^[\w:-]+$/.test(script)) return undefined;
      const all = tree.files.filter((one) => /(^|\/)package\.json$/.test(one));
      const nearest = all.filter((one) => one.includes("/") && from.startsWith(one.replace("package.json", "")));
      const meant = folder && tree.has(`${folder}/package.json`) ? [`${folder}/package.json`] : nearest;
      const scripts = (meant.length > 0 ? meant : all).flatMap((one) => Object.keys(JSON.parse(tree.read(one)).scripts ?? {}));
      return scripts.includes(script) ? undefined : `npm script ${script}`;
    },
  };
}

function node(words, folder) {
  const file = words.find((word) => !word.startsWith("-"));
  return {
    problem(tree, from) {
      if (!file || !/^[\w./-]+\.(mjs|js|cjs)$/.test(file)) return undefined;
      const path = folder ? `${folder}/${file}` : file;
      return tree.resolve(path, from) || tree.resolve(file, from) ? undefined : `program ${file}`;
    },
  };
}
