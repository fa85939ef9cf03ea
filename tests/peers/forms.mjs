// node forms.mjs STEPS: Chromium without JavaScript takes the steps, a JSON list of {open: URL}, {follow: text of a link},
// {fill: {name of a field: value}}, {tick: name of a box}, {choose: label}, {press: text of a button}. One line of JSON at the end: the text of
// the last page.
import { chromium } from "playwright-core";

const browser = await chromium.launch({
  timeout: 300_000,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ javaScriptEnabled: false });
const page = await context.newPage();
page.setDefaultTimeout(300_000);
const take = {
  open: (url) => page.goto(url),
  follow: (text) => page.getByRole("link", { name: text, exact: true }).first().click(),
  fill: async (fields) => {
    for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).first().fill(value);
  },
  choose: (label) => page.getByLabel(label, { exact: true }).check(),
  tick: (name) => page.locator(`[name="${name}"]`).check(),
  press: (text) => page.getByRole("button", { name: text, exact: true }).click(),
};
for (const step of JSON.parse(process.argv[2])) {
  const [[what, how]] = Object.entries(step);
  await take[what](how);
  await page.waitForLoadState();
}
console.log(JSON.stringify(await page.locator("main").innerText()));
await browser.close();
