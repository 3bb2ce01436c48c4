// Recordings that try to make the browser of whoever watches them load something from `origin`.

const SESSION = 1732300000000;

/** The texts of a recording's events; each attack asks for a path of its own, so that one sees which got through. */
export function attacks(origin) {
  let id = 100;
  let count = 0;
  const url = (name) => `${origin}/${++count}-${name}`;
  const element = (tagName, attributes = {}, childNodes = [], more = {}) => ({ type: 2, tagName, attributes, childNodes, id: id++, ...more });
  const text = (textContent, more = {}) => ({ type: 3, textContent, id: id++, ...more });
  const base64 = (text) => Buffer.from(text).toString("base64");
  const svg = (tagName, attributes, childNodes = []) => element(tagName, attributes, childNodes, { isSVG: true });
  const sheet = (css) => element("style", {}, [text(css, { isStyle: true })]);
  const styled = (css) => element("p", { style: css }, [text("styled")]);
  /** Whatever an element is, these attributes may not name an address. */
  const everywhere = ["src", "SRC", "Src", "href", "HREF", "xlink:href", "srcset", "srcSet", "imagesrcset", "poster", "background", "BACKGROUND", "data", "action", "formaction", "cite", "ping", "manifest", "longdesc", "profile", "icon", "lowsrc", "code", "codebase", "archive", "classid", "attributionsrc", "rr_src", "rr_dataURL"];
  const tags = ["img", "IMG", "image", "iframe", "IFRAME", "Iframe", "frame", "FRAME", "fencedframe", "portal", "embed", "EMBED", "object", "applet", "video", "audio", "source", "track", "input", "link", "base", "script", "SCRIPT", "canvas", "body", "table", "td", "a", "area", "form", "button", "template", "x-made-up"];

  const nodes = [
    ...tags.flatMap((tag) => everywhere.map((name) => element(tag, { [name]: url(`${tag}-${name}`) }))),
    // Texts that are not texts.
    element("canvas", { width: "9", height: `9"]{}*{background:url(${url("canvas-height")})}`, rr_dataURL: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${url("canvas-held")}"/></svg>` }),
    element("img", { src: [url("list")] }),
    element("img", { src: url(`");background:url(${url("image-name")})`), "data-session-replay-not-recorded": `url(${url("image-mark")})` }),
    element(["img"], { src: url("tag-list") }),
    element("img", { src: ` \n\t${url("blank")}` }),
    element("img", { src: url("slashes").replace("http:", "") }),
    element("img", { src: url("backslashes").replace("http://", "\\\\") }),
    element("img", { srcset: `data:image/png;base64,AAAA 1x,${url("srcset-second")} 2x` }),
    element("img", { srcset: `data:image/png;base64,AAAA, ${url("srcset-comma")} 2x` }),
    element("picture", {}, [element("source", { srcset: url("picture"), media: "all" }), element("img", {})]),
    element("input", { type: "image", src: url("input-image") }),
    element("video", { autoplay: "", src: `data:application/vnd.apple.mpegurl,#EXTM3U%0A#EXTINF:1,%0A${url("playlist")}`, rr_mediaState: "played" }),
    element("video", { autoplay: "" }, [element("source", { src: url("video-source") }), element("track", { default: "", kind: "captions", src: url("video-track") })]),
    element("iframe", { srcdoc: `<img src="${url("srcdoc")}">` }),
    element("iframe", { SRCDOC: `<link rel=preconnect href="${url("srcdoc-preconnect")}">` }),
    element("iframe", { src: `data:text/html,<img src="${url("frame-data")}">` }),
    element("iframe", { src: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${url("frame-svg")}"/></svg>` }),
    element("meta", { "http-equiv": "refresh", content: `0;url=${url("refresh")}` }),
    element("META", { "HTTP-EQUIV": "Refresh", content: `0;url=${url("refresh-case")}` }),
    element("meta", { "http-equiv": "x-dns-prefetch-control", content: "on" }),
    ...["stylesheet", "icon", "shortcut icon", "apple-touch-icon", "dns-prefetch", "preconnect", "PreConnect", "prefetch", "preload", "modulepreload", "prerender", "manifest", "import", "search", "alternate", "pingback", "compression-dictionary", "expect"].flatMap((rel) => [
      element("link", { rel, href: url(`link-${rel}`), as: "image", type: "text/css" }),
      element("LINK", { REL: rel, HREF: url(`LINK-${rel}`), crossorigin: "" }),
    ]),
    svg("svg", {}, [
      ...["image", "feImage", "use", "script", "a", "mpath", "textPath", "linearGradient", "filter", "pattern", "cursor", "svg:image"].flatMap((tag) => ["href", "xlink:href", "HREF"].map((name) => svg(tag, { [name]: url(`svg-${tag}-${name}`), width: "9", height: "9" }))),
      svg("image", { width: "9", height: "9" }, [svg("set", { attributeName: "href", to: url("svg-set") }), svg("animate", { attributeName: "href", values: `${url("svg-values")};${url("svg-values")}`, dur: "1s" })]),
      svg("image", { width: "9", height: "9" }, [svg("set", { attributeName: "xlink:href", to: url("svg-set-xlink") })]),
      ...["fill", "stroke", "filter", "mask", "clip-path", "marker-start", "cursor"].map((name) => svg("rect", { [name]: `url("${url(`svg-${name}`)}#a")`, width: "9", height: "9" })),
      svg("style", {}, [text(`rect { background-image: url(${url("svg-style")}) }`)]),
      svg("rect", { width: "9", height: "9" }, [svg("set", { attributeName: "style", to: `background:url(${url("svg-set-style")})` })]),
      svg("foreignObject", {}, [element("img", { src: url("foreign") })]),
    ]),
    ...[
      (u) => `background: url(${u})`,
      (u) => `background: URL( "${u}" )`,
      (u) => `background: \\75 rl(${u})`,
      (u) => `background: u\\72l('${u}')`,
      (u) => `background: \\000075\\000072\\00006c("${u}")`,
      (u) => `background: url("${u.replace("http", "\\68 ttp")}")`,
      (u) => `background: url(/**/${u})`,
      (u) => `background:/* " */url(${u})/* " */`,
      (u) => `background: red; color: blue; content: "\\"; background: url(${u})`,
      (u) => `content: 'a\\\n'; background-image: url(${u})`,
      (u) => `background-image: image-set("${u}" 1x)`,
      (u) => `background-image: -webkit-image-set(url(${u}) 1x)`,
      (u) => `background-image: -webkit-image-set("${u}" 1x)`,
      (u) => `--u: "${u}"; background-image: image-set(var(--u) 1x)`,
      (u) => `--u: url(${u}); background-image: var(--u)`,
      (u) => `background-image: cross-fade(url(${u}), url(${u}))`,
      (u) => `background-image: -webkit-cross-fade(url(${u}), url(${u}), 50%)`,
      (u) => `list-style: url(${u}); display: list-item`,
      (u) => `border-image: url(${u}) 1`,
      (u) => `cursor: url(${u}), auto`,
      (u) => `mask: url(${u})`,
      (u) => `-webkit-mask-image: url(${u})`,
      (u) => `-webkit-mask-box-image: url(${u})`,
      (u) => `filter: url(${u}#f)`,
      (u) => `clip-path: url(${u}#f)`,
      (u) => `shape-outside: url(${u}); float: left`,
      (u) => `content: url(${u})`,
      (u) => `-webkit-box-reflect: below 0 url(${u})`,
      (u) => `background: src("${u}")`,
      (u) => `background: image("${u}")`,
      (u) => `background: url(${u}`,
      (u) => `background: url("${u}`,
    ].flatMap((css, index) => [styled(css(url(`style-${index}`))), sheet(`p { ${css(url(`sheet-${index}`))} }`)]),
    element("p", { STYLE: `background: url(${url("style-case")})` }),
    element("p", { style: [`background: url(${url("style-list")})`] }),
    element("p", { "data-u": `url(${url("attr")})`, style: "background: attr(data-u type(*))" }),
    element("p", { "data-v": url("attr-string"), style: "background-image: image-set(attr(data-v) 1x)" }),
    ...[
      (u) => `@import url(${u});`,
      (u) => `@import "${u}";`,
      (u) => `@IMPORT '${u}' screen;`,
      (u) => `@\\69mport "${u}";`,
      (u) => `@\\000049 mport url("${u}");`,
      (u) => `/**/@import/**/"${u}";`,
      (u) => `<!-- @import "${u}"; -->`,
      (u) => `@charset "x"; @import "${u}";`,
      (u) => `@font-face { font-family: f${count}; src: url(${u}) } p { font-family: f${count} }`,
      (u) => `@font-face { font-family: g${count}; src: local("x"), url("${u}") format("woff2") } p { font-family: g${count} }`,
      (u) => `@media all { p::before { content: url(${u}) } }`,
      (u) => `@supports (color: red) { p { & { background: u\\rl(${u}) } } }`,
      (u) => `@property --p${count} { syntax: "<image>"; inherits: false; initial-value: url(${u}) } p { background: var(--p${count}) }`,
      (u) => `@function --f${count}(--v) { result: image-set(var(--v) 1x) } p { background-image: --f${count}("${u}") }`,
      (u) => `p:hover, p { background: url(${u}) }`,
      (u) => `@namespace svg url(${u}); @layer a { p { background: url(${u}) } }`,
    ].map((css, index) => sheet(css(url(`rule-${index}`)))),
    element("STYLE", {}, [text(`p { background: url(${url("style-tag-case")}) }`)]),
    element("style", {}, [text([`@import "${url("text-list")}";`])]),
    element("style", { _cssText: `@import "${url("csstext")}";` }),
    element("link", { _cssText: `p { background: url(${url("csstext-link")}) }`, rel: "stylesheet" }),
    // Pieces that are a rule only together.
    element("style", {}, [text("@imp"), text(`ort "${url("pieces-import")}";`)]),
    element("style", {}, [text("p{background:u"), text(`rl(${url("pieces-url")})}`)]),
    element("style", {}, [text("p{background-image:image-set("), text(`"${url("pieces-set")}" 1x)}`)]),
    element("style", {}, [text("p{background:u\\"), text(`72l(${url("pieces-escape")})}`)]),
    element("style", {}, [text('p{content:"'), text(`";background:url(${url("pieces-string")})}`)]),
    element("style", {}, [text("/*"), text(`*/p{background:url(${url("pieces-comment")})}`)]),
    element("style", { _cssText: `p{background:u/* rr_split */rl(${url("pieces-split")})}` }, [text(""), text("")]),
    element("style", { _cssText: `p{content:"zzz;background: url(${url("pieces-found")}) "}/* rr_split */zzz;background: red}` }, [text(""), text("")]),
  ];

  const time = (ms) => SESSION + ms;
  const root = element("html", {}, [element("head"), element("body", { background: url("body") }, nodes)]);
  const change = (ms, data) => ({ type: 3, timestamp: time(ms), data });
  const mutation = (ms, more) => change(ms, { source: 0, adds: [], removes: [], texts: [], attributes: [], ...more });
  const body = root.childNodes[1].id;
  const found = (tag, at = 0) => nodes.filter((node) => node.tagName === tag).at(at)?.id;
  const add = (node, parentId = body) => ({ parentId, nextId: null, node });
  const [lateSheet, lateText, lateFrame, lateImage] = [id++, id++, id++, id++];
  const styleText = nodes.find((node) => node.tagName === "style").childNodes[0].id;

  const events = [
    { type: 4, timestamp: time(0), data: { href: url("meta"), width: 800, height: 600 } },
    { type: 2, timestamp: time(1), data: { node: { type: 0, childNodes: [root], id: 1 }, initialOffset: { left: 0, top: 0 } } },
    mutation(50, { adds: [add(element("img", { src: url("added") })), add(element("p", {}, [element("IFRAME", { SRC: url("added-frame") })]))] }),
    mutation(60, { attributes: tags.flatMap((tag) => (found(tag) ? [{ id: found(tag), attributes: Object.fromEntries(everywhere.map((name) => [name, url(`changed-${tag}-${name}`)])) }] : [])) }),
    mutation(70, { attributes: [{ id: found("p"), attributes: { style: { "background-image": `url(${url("style-change")})`, "list-style-image": [`u\\72l(${url("style-change-list")})`, "important"], cursor: [[`url(${url("style-change-nested")}), auto`], ""] } } }] }),
    mutation(80, { attributes: [{ id: found("iframe"), attributes: { srcdoc: `<img src="${url("changed-srcdoc")}">` } }, { id: found("link"), attributes: { rel: "preconnect", href: url("changed-link") } }] }),
    mutation(90, { texts: [{ id: styleText, value: `@import "${url("changed-text")}"; p { background: url(${url("changed-text")}) }` }] }),
    mutation(100, { attributes: [{ id: found("style"), attributes: { _cssText: `p { background: url(${url("changed-csstext")}) }` } }] }),
    mutation(110, { adds: [add(text(`p { background: url(${url("added-text")}) }`), found("style", 1))] }),
    change(120, { source: 8, id: found("style", 2), adds: [{ rule: `p { background: url(${url("rule")}) }`, index: 0 }, { rule: `@import "${url("rule-import")}"`, index: 0 }, { rule: [`p { color: red; background: url(${url("rule-list")}) }`], index: 0 }] }),
    change(130, { source: 8, id: found("style", 2), replaceSync: `p { background: url(${url("replace-sync")}) }`, replace: `p { background: url(${url("replace")}) }` }),
    change(140, { source: 13, id: found("style", 0), index: [0], set: { property: "background-image", value: `url(${url("declaration")})`, priority: "important" } }),
    change(150, { source: 15, id: 1, styleIds: [1], styles: [{ styleId: 1, rules: [{ rule: `p { border-image: url(${url("adopted")}) 1 }`, index: 0 }] }] }),
    change(160, { source: 8, styleId: 1, replaceSync: `p { mask-image: url(${url("adopted-replace")}) }` }),
    change(170, { source: 10, family: "font-event", fontSource: `url(${url("font")})`, buffer: false }),
    mutation(180, { attributes: [{ id: found("p"), attributes: { style: { "font-family": "font-event" } } }] }),
    change(190, { source: 9, id: found("canvas"), type: 0, commands: [{ property: "drawImage", args: [{ rr_type: "HTMLImageElement", src: url("canvas") }, 0, 0] }] }),
    change(200, { source: 9, id: found("canvas"), type: 0, property: "drawImage", args: [{ rr_type: "HTMLImageElement", src: url("canvas-old") }, 0, 0] }),
    // Pictures of whole canvases, which are drawn where they are pictures of pixels.
    ...[
      { rr_type: "HTMLImageElement", src: url("canvas-whole") },
      { rr_type: "HTMLImageElement", src: `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="${url("canvas-svg")}"/></svg>` },
      { rr_type: "HTMLImageElement", src: `data:image/svg+xml;base64,${base64(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${url("canvas-svg64")}"/></svg>`)}` },
      { rr_type: "HTMLImageElement", src: `data:text/html;base64,${base64(`<img src="${url("canvas-html")}">`)}` },
      { rr_type: "HTMLImageElement", src: `data:image/png;base64,AA");background:url(${url("canvas-css")})` },
      { rr_type: "ImageBitmap", args: [{ rr_type: "Blob", type: "text/html", data: [{ rr_type: "ArrayBuffer", base64: base64(`<img src="${url("canvas-blob-html")}">`) }] }] },
      { rr_type: "ImageBitmap", args: [{ rr_type: "Blob", type: "image/svg+xml", data: [{ rr_type: "ArrayBuffer", base64: base64(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${url("canvas-blob-svg")}"/></svg>`) }] }] },
      { rr_type: "ImageBitmap", args: [{ rr_type: "HTMLImageElement", src: url("canvas-bitmap") }] },
      { rr_type: "ImageBitmap", args: [{ rr_type: "Blob", type: "image/png", data: [{ rr_type: "ArrayBuffer", base64: url("canvas-no-base64") }] }] },
    ].map((image, index) =>
      change(211 + index / 10, { source: 9, id: found("canvas"), type: 0, commands: [{ property: "clearRect", args: [0, 0, 9, 9] }, { property: "drawImage", args: [image, 0, 0, 9, 9] }] }),
    ),
    change(210, { source: 16, define: { name: "x-made-up" } }),
    change(220, { source: 7, id: found("video"), type: 0, currentTime: 1 }),
    change(230, { source: 5, id: found("input"), text: url("input-text"), isChecked: true }),
    change(240, { source: 2, type: 2, id: found("a"), x: 1, y: 1 }),
    // Here the document of a frame is put into it, with the same in it.
    mutation(250, { isAttachIframe: true, adds: [{ parentId: found("iframe"), nextId: null, node: { type: 0, id: id++, childNodes: [element("html", {}, [element("head", {}, [element("link", { rel: "preconnect", href: url("inner-link") }), sheet(`body { background: url(${url("inner-style")}) }`)]), element("body", {}, [element("img", { src: url("inner-img") }), element("iframe", { src: url("inner-frame") })])])] } }] }),
    mutation(260, { adds: [add(element("div", {}, [], { isShadowHost: true, id: id++ }))] }),
    { type: 5, timestamp: time(270), data: { tag: url("custom"), payload: { src: url("custom") } } },
    { type: 6, timestamp: time(280), data: { plugin: "rrweb/console@1", payload: { src: url("plugin") } } },
    mutation(900, {}),
  ];
  // What arrives before what it changes.
  const early = [
    mutation(320, { attributes: [{ id: lateFrame, attributes: { src: url("early-frame") } }, { id: lateImage, attributes: { src: url("early-image"), srcset: url("early-image") } }] }),
    mutation(330, { texts: [{ id: lateText, value: `p { background: url(${url("early-text")}) }` }], adds: [add({ type: 3, textContent: `@import "${url("early-add")}";`, id: id++ }, lateSheet)] }),
  ];
  const late = [
    mutation(300, { adds: [add({ type: 2, tagName: "iframe", attributes: {}, childNodes: [], id: lateFrame }), add({ type: 2, tagName: "img", attributes: {}, childNodes: [], id: lateImage }), add({ type: 2, tagName: "style", attributes: {}, childNodes: [{ type: 3, textContent: "", id: lateText }], id: lateSheet })] }),
  ];
  const texts = (list) => list.map((event) => JSON.stringify(event));
  return { batches: [texts(early), texts(events), texts(late)], count, end: 900 };
}

/** The same JSON with its letters escaped, which a search for words does not find. */
export const escaped = (text) => text.replace(/src|href|rl\(|frame|link|style|image|import|rel"|preconnect|http/gi, (word) => `\\u${word.charCodeAt(0).toString(16).padStart(4, "0")}${word.slice(1)}`);

/** A page of such things, as HTML. */
export function hostilePage(origin) {
  const url = (name) => `${origin}/html-${name}`;
  return `<!doctype html><base href="${url("base")}/"><body background="${url("body")}">
    <style>@import "${url("import")}"; @font-face { font-family: f; src: url(${url("font")}) } p { font-family: f; background: url(${url("background")}) }</style>
    <p style="background-image: image-set('${url("image-set")}' 1x)">text</p>
    <img src="${url("img")}" srcset="${url("srcset")} 2x"><video src="${url("video")}" poster="${url("poster")}" autoplay></video><audio src="${url("audio")}" autoplay></audio>
    <embed src="${url("embed")}"><object data="${url("object")}"></object><input type="image" src="${url("input")}">
    <link rel="stylesheet" href="${url("stylesheet")}"><link rel="icon" href="${url("icon")}"><link rel="manifest" href="${url("manifest")}">
    <svg><image href="${url("svg")}" width="9" height="9"/><use href="${url("use")}#a"/><filter id="f"><feImage href="${url("feimage")}"/></filter><rect filter="url(#f)" width="9" height="9"/></svg>
    <table background="${url("table")}"><td background="${url("td")}">x</td></table><img src="relative">`;
}
