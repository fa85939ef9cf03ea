// node browser.mjs SDK HOST KEY COUNT [leave]: Chromium opens a page on loopback on which the SDK sends COUNT events.
// Says "sent" when the page has handed them over, with `leave` when it has left the page right after; ends with its
// standard input.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { chromium } from "playwright-core";

const [, , sdk, host, key, count, then] = process.argv;
const PATIENCE = 300_000; // ms, for a machine that does much else
const leave = then === "leave";
const modules = join(dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "..");
const BUNDLES = {
  segment: "@segment/analytics-next/dist/umd/index.js",
  rudderstack: "@rudderstack/analytics-js/dist/npm/legacy/bundled/umd/index.js",
  posthog: "posthog-js/dist/array.full.no-external.js",
  formo: "@formo/analytics/dist/index.umd.min.js",
};
const page = `<!doctype html><meta charset="utf-8"><title>Shop</title><script>
window.test = ${JSON.stringify({ host, key, count: Number(count), leave })};</script>
<script src="/sdk.js"></script><script src="/page.js"></script>`;
const files = {
  "/": ["text/html", async () => page],
  "/sdk.js": ["text/javascript", () => readFile(join(modules, BUNDLES[sdk]))],
  "/page.js": ["text/javascript", () => readFile(new URL(`pages/${sdk}.js`, import.meta.url))],
};
const server = createServer(async (request, response) => {
  const [type, content] = files[new URL(request.url, "http://page").pathname] ?? ["text/plain", async () => ""];
  response.setHeader("content-type", type);
  response.end(await content());
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const browser = await chromium.launch({
  timeout: PATIENCE,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const tab = await browser.newPage();
tab.setDefaultTimeout(PATIENCE);
const broken = new Promise((_, fail) => tab.on("pageerror", fail));
await tab.goto(`http://127.0.0.1:${server.address().port}/`);
await Promise.race([broken, tab.waitForFunction(() => window.test.sent)]);
if (leave) await tab.goto(`http://127.0.0.1:${server.address().port}/elsewhere`);
console.log("sent");
for await (const _ of process.stdin);
await browser.close();
server.close();
server.closeAllConnections();
