// An app with a router: addresses that change without a page being loaded, with a person's name and a token in some.
export default {
  name: "spa",
  html: `<!doctype html><title>Shop</title><main data-k="view">start</main>
    <a data-k="link" href="http://app.test/users/ada-lovelace/orders">orders</a>`,
  options: { captureDocumentTitle: true },
  remote: { sr_interaction_config: { enabled: true, batch: false, ugcFilterRules: [{ selector: "http://app.test/users/*/orders*", replacement: "http://app.test/users/{user}/orders" }] } },
  async act(page) {
    const steps = [
      () => history.pushState({}, "", "/shop/cart?step=1"),
      () => history.replaceState({}, "", "/shop/cart?step=2"),
      () => history.pushState({}, "", "/users/ada-lovelace/orders?token=SECRET"),
      () => ((document.title = "Orders"), (location.hash = "last")),
      () => history.back(),
      () => history.forward(),
      () => history.pushState({}, "", "/shop/end"),
    ];
    for (const [number, step] of steps.entries()) {
      await page.evaluate(step);
      await page.evaluate((number) => (document.querySelector("main").textContent = `step ${number}`), number);
      await page.waitForTimeout(120);
    }
    // A full snapshot's Meta event tells the address, too.
    await page.setViewportSize({ width: 880, height: 600 });
  },
};
