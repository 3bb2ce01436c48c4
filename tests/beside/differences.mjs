// Where our recordings differ from the browser SDK's on purpose: each with its reason, none that no longer occurs.
//
// `missing`: lines that only the browser SDK has; `more`: lines that only ours has. `page` and `recorder` narrow an entry; one without
// a recorder has to occur with both.

export const DIFFERENCES = [
  {
    part: "others",
    missing: /^custom (metadata|debug-info|get-sr-props)$/,
    reason: "helper events about the browser SDK itself: its configuration, its version, the browser's storage. No player uses them",
  },
  {
    part: "document",
    page: "forms",
    missing: /#password value=\*{10} /,
    more: /#password value=\*{8} /,
    reason: "the length of a password is not told",
  },
  {
    part: "typed",
    page: "forms",
    missing: /^password "\*+" false$/,
    reason: "a password is not sent again while it changes: its length is not told",
  },
  {
    part: "typed",
    page: "forms",
    missing: /^select "\*{3}" false$/,
    more: /^select "\*{8}" false$/,
    reason: "what was chosen is not told by its length",
  },
  {
    part: "document",
    page: "forms",
    missing: /#hidden value=SECRET-HIDDEN /,
    more: /#hidden value=\*+ /,
    reason: "hidden inputs are masked as all inputs are",
  },
  {
    part: "document",
    page: "forms",
    missing: /#box value=on /,
    more: /#box value=\*\* /,
    reason: "the value of a box is the value of an input",
  },
  {
    part: "typed",
    page: "forms",
    missing: /^box "on" true$/,
    more: /^box "\*\*" true$/,
    reason: "the value of a box is the value of an input",
  },
  {
    part: "wire",
    page: ["spa", "clicks"],
    missing: /type=interaction,api_key .*content-type: text\/plain/,
    reason: "scroll depth goes the way of all else, crash-safe, and not by a beacon without a header as the page ends",
  },
  ...[["document", /iframe2\/#frame/], ["pointer", / inner-field$/], ["kinds", /^Mouse/]].map(([part, missing]) => ({
    part,
    missing,
    page: "frames",
    recorder: "preload",
    reason: "in Electron the preload script records the top frame; a frame of another origin is empty. A <webview> is recorded",
  })),
  {
    part: "addresses",
    page: "frames",
    missing: /about:srcdoc/,
    reason: "the address of a frame is none that the user has gone to",
  },
  ...["interactions", "wire"].map((part) => ({
    part,
    page: "spa",
    more: /"type":"scroll"|type=interaction {/,
    reason: "scroll depth is told of each address, not of the last alone",
  })),
  {
    part: "interactions",
    page: "clicks",
    missing: /"selector":"button"/,
    more: /"selector":"#host"/,
    reason: "a selector inside a shadow tree matches nothing, or something else, in the document: the host is named",
  },
  {
    part: "requests",
    page: "network",
    missing: /"authorization":"Bearer /,
    more: /"authorization":"\*+"/,
    reason: "headers that hold secrets are masked",
  },
  {
    part: "requests",
    page: "network",
    more: /"type":"xhr"/,
    reason: "the browser SDK does not see XMLHttpRequest",
  },
  {
    part: "requests",
    page: "network",
    missing: /"(requestBody|responseBody)":"(name=list|a=1|l{2000}|not here)/,
    more: /"responseBodyStatus":"skipped_/,
    reason: "where rules say what of a body may be told, one that is no JSON is not told at all",
  },
  {
    part: "console",
    page: "console",
    missing: /^info "an element"|^error "circular"|^log "a function"/,
    more: /^info "an element"|^error "circular"|^log "a function"/,
    reason: "elements are named and not quoted, circles and functions are told as what they are",
  },
  {
    part: "document",
    page: "sheets",
    recorder: "preload",
    missing: /#in-two "text" rgb\(9, 9, 200\)/,
    more: /#in-two "text" rgb\(0, 0, 0\)/,
    reason: "a sheet that a page takes out of adoptedStyleSheets in place is gone; the browser SDK does not see that",
  },
];
