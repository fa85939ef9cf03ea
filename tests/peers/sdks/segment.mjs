// node segment.mjs HOST KEY < ids: tracks every line's id as an event, and says how often delivery failed.
import { Analytics } from "@segment/analytics-node";
import { lines } from "./lines.mjs";

const [, , host, writeKey] = process.argv;
const analytics = new Analytics({ writeKey, host, flushAt: 100, flushInterval: 200, maxRetries: 20 });
let failures = 0;
analytics.on("error", () => (failures += 1));
for (const messageId of await lines()) {
  analytics.track({ userId: "ada", event: "Order Completed", messageId, properties: { revenue: 1.5 } });
}
await analytics.closeAndFlush({ timeout: 60_000 });
console.log(failures);
