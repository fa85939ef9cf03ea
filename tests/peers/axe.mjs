// node axe.mjs URL...: Chromium opens each page, without JavaScript of the page's own being in the way, and axe-core looks
// at it. One line of JSON a page: its title, what axe finds serious or critical, what the page's own policy blocked.
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const browser = await chromium.launch({
  timeout: 300_000,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const look = async (url) => {
  const blocked = [];
  const strict = await browser.newPage();
  strict.on("console", (message) => message.text().includes("Content Security Policy") && blocked.push(message.text()));
  await strict.goto(url);
  await strict.close();
  const context = await browser.newContext({ bypassCSP: true }); // for axe itself
  const page = await context.newPage();
  await page.goto(url);
  await page.addScriptTag({ path: axe });
  const { violations } = await page.evaluate(() => axe.run());
  const found = violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  console.log(JSON.stringify({ title: await page.title(), violations: found, blocked }));
  await context.close();
};
for (const url of process.argv.slice(2)) await look(url);
await browser.close();
