// node widget.mjs PAGE: Chromium opens a client's page with the visitor's chat on it. Each line of standard input is a
// step: {"say": text} writes and sends it, {"hear": text} waits until it is there, {"reload": true} comes back later and
// opens the chat again, {"look": true} has axe-core look at it. Answers each with a line of JSON: what the chat shows.
import { createInterface } from "node:readline";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const PATIENCE = 60_000;
const browser = await chromium.launch({
  timeout: PATIENCE,
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const tab = await (await browser.newContext({ locale: "en-GB" })).newPage();
tab.setDefaultTimeout(PATIENCE);
const broken = [];
tab.on("pageerror", (error) => broken.push(String(error)));
const open = async () => {
  await tab.goto(process.argv[2]);
  await tab.getByRole("button", { name: "Open chat" }).click();
};
const steps = {
  say: async (text) => {
    await tab.getByLabel("Your message").fill(text);
    await tab.keyboard.press("Enter");
    await tab.locator(".log p.user", { hasText: text }).last().waitFor();
  },
  hear: (text) => tab.locator(".log p.other", { hasText: text }).last().waitFor(),
  reload: async () => {
    await open();
    await tab.locator(".log p").first().waitFor();
  },
  look: async () => {
    await tab.addScriptTag({ path: axe });
    const { violations } = await tab.evaluate(() => axe.run());
    broken.push(...violations.filter(({ impact }) => ["serious", "critical"].includes(impact)).map(({ id }) => id));
  },
};
await open();
for await (const line of createInterface({ input: process.stdin })) {
  const [[name, value]] = Object.entries(JSON.parse(line));
  await steps[name](value);
  console.log(JSON.stringify({ shown: await tab.locator(".log p").allTextContents(), broken }));
}
await browser.close();
