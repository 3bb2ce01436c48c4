// Files of events that are dropped anywhere on the page, or chosen, become sessions.

import "./import.css";
import { importFile } from "../api/keep";
import { h } from "../dom/elements";
import { bytes, count } from "../dom/format";
import { navigate } from "../page/route";
import { announce, announceFailure } from "./announcement";
import { icon } from "./icons";

/** Puts a button behind an element, and listens for files. */
export function offerImport(behind: Element): void {
  const input = h("input", { type: "file", multiple: true, hidden: true, accept: ".jsonl,.ndjson,.json,.gz,.txt,application/json" });
  input.addEventListener("change", () => {
    void importAll([...(input.files ?? [])]);
    // The same file can be chosen again.
    input.value = "";
  });
  const button = h("button", { type: "button", class: "quiet tool", title: "JSON Lines or a JSON array of rrweb events, also gzip", click: () => input.click() }, icon("import"), h("span", {}, "Import…"));
  behind.after(button, input);
  listenForFiles();
}

/** While files are dragged, a sheet covers all of the page: also the replay's frame, which would take them for itself. */
function listenForFiles(): void {
  const sheet = h("div", { class: "drop-sheet", hidden: true, "aria-hidden": "true" }, h("p", {}, "Drop to import"));
  document.body.append(sheet);
  const has = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files") ?? false;
  addEventListener("dragenter", (event) => {
    if (has(event)) sheet.hidden = false;
  });
  addEventListener("dragover", (event) => {
    if (has(event)) event.preventDefault();
  });
  addEventListener("dragleave", (event) => {
    // The pointer has left the window, and not only an element.
    if (event.relatedTarget === null) sheet.hidden = true;
  });
  addEventListener("drop", (event) => {
    sheet.hidden = true;
    if (!has(event)) return;
    event.preventDefault();
    void importAll([...(event.dataTransfer?.files ?? [])]);
  });
}

/** One after the other; the last one is opened. */
async function importAll(files: File[]): Promise<void> {
  const failures: string[] = [];
  for (const file of files) {
    announce(`Importing ${file.name} (${bytes(file.size)})…`, true);
    try {
      const { device_id: device, session_id: session, events, known } = await importFile(file);
      navigate({ device, session });
      announce(known ? `${file.name} was imported before` : `Imported ${count(events, "event")} of ${file.name}`);
    } catch (error) {
      failures.push(`${file.name} was not imported: ${(error as Error).message}`);
    }
  }
  if (failures.length > 0) announceFailure(failures.join("\n"));
}
