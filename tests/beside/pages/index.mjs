// The pages that are recorded; SR_PAGE=name takes one.
import clicks from "./clicks.mjs";
import consoles from "./console.mjs";
import dialogs from "./dialogs.mjs";
import forms from "./forms.mjs";
import frames from "./frames.mjs";
import lit from "./lit.mjs";
import network from "./network.mjs";
import sheets from "./sheets.mjs";
import spa from "./spa.mjs";
import stencil from "./stencil.mjs";

const ALL = [lit, stencil, sheets, spa, frames, consoles, network, clicks, dialogs, forms];

export const PAGES = ALL.filter(({ name }) => (process.env.SR_PAGE ?? name) === name);
