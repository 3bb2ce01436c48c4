// Which of a package's files its licence is in. Where it may be had under several, MIT is taken: the shortest to reproduce.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const LICENCE_FILE = /^(licen[cs]e|copying|notice|unlicense|copyrightnotice)/i;
/** Code by such a name, and what a package carries for its own tests and tools, which is in no program. */
const NOT_MEANT = /\.(rs|c|h|[cm]?[jt]s|json|toml)$|(^|\/)(tests?|benches|examples|node_modules|scripts)\//;

const MIT_TEXT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

export const mit = (copyright) => `${copyright}\n\n${MIT_TEXT}`;

/** The files that count among `names` (paths in the package), by its SPDX expression. */
export function licenceFiles(names, licence) {
  const found = names.filter((name) => LICENCE_FILE.test(name.split("/").at(-1)) && !NOT_MEANT.test(name)).sort();
  const mayBeMit = / OR /.test(licence) && /\bMIT\b/.test(licence) && !/ AND /.test(licence);
  if (!mayBeMit) return found;
  // Of each folder: code of others that a package carries has its own licence.
  const folderOf = (name) => name.slice(0, name.lastIndexOf("/") + 1);
  const isMit = (name) => /MIT/i.test(name.split("/").at(-1));
  const withMit = new Set(found.filter(isMit).map(folderOf));
  return found.filter((name) => isMit(name) || !withMit.has(folderOf(name)) || /notice/i.test(name));
}

/** The texts under which a package comes, each once. */
export function licenceTexts(folder, licence) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name)).replaceAll("\\", "/"));
  return [...new Set(licenceFiles(names, licence).map((name) => tidy(readFileSync(join(folder, name), "utf8"))))];
}

const tidy = (text) =>
  text
    .replace(/\r\n?/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .replace(/^\n+|\n+$/g, "");
