// A form with secrets: typed, set by scripts, and there from the start. None of ours may store one.
export default {
  name: "forms",
  shows: ["document", "typed", "pointer"],
  html: `<!doctype html><title>Forms</title><form><input data-k="name" placeholder="name"><input type="password" data-k="password" value="SECRET-AT-FIRST">
    <input autocomplete="cc-number" data-k="card"><input type="hidden" data-k="hidden" value="SECRET-HIDDEN"><textarea data-k="text"></textarea>
    <select data-k="select"><option>one<option>two</select><input type="checkbox" data-k="box"><input data-k="shown" class="amp-unmask">
    <p data-k="private" class="amp-mask">SECRET-MASKED</p><div class="amp-block" data-k="blocked">SECRET-BLOCKED</div>
    <div data-k="selected" class="own-block">SECRET-OF-A-SELECTOR</div></form>`,
  options: { privacyConfig: { defaultMaskLevel: "medium", blockSelector: [".own-block"] } },
  secrets: ["SECRET-AT-FIRST", "SECRET-HIDDEN", "SECRET-TYPED", "SECRET-SET", "SECRET-MASKED", "SECRET-BLOCKED", "SECRET-OF-A-SELECTOR", "4111 1111", "SECRET-NAME", "SECRET-LATER"],
  async act(page) {
    await page.fill("[data-k=name]", "SECRET-NAME");
    await page.locator("[data-k=password]").fill("");
    await page.locator("[data-k=password]").pressSequentially("SECRET-TYPED");
    await page.fill("[data-k=card]", "4111 1111 1111 1111");
    await page.fill("[data-k=text]", "SECRET-TYPED in a text");
    await page.selectOption("[data-k=select]", "two");
    await page.check("[data-k=box]");
    await page.fill("[data-k=shown]", "shown to all");
    await page.evaluate(() => (document.querySelector("[data-k=password]").value = "SECRET-SET"));
    await page.evaluate(() => (document.querySelector("[data-k=private]").firstChild.data = "SECRET-LATER"));
    await page.waitForTimeout(100);
  },
};
