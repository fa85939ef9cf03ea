// node posthog.mjs HOST KEY < ids: captures every line's id as an event, and says how often delivery failed.
import { PostHog } from "posthog-node";
import { lines } from "./lines.mjs";

const [, , host, key] = process.argv;
const posthog = new PostHog(key, { host, flushAt: 100, flushInterval: 200, fetchRetryDelay: 50, fetchRetryCount: 20, maxQueueSize: 10 ** 6 });
let failures = 0;
posthog.on("error", () => (failures += 1));
for (const uuid of await lines()) {
  posthog.capture({ distinctId: "ada", event: "Order Completed", uuid, properties: { revenue: 1.5 } });
}
await posthog.shutdown(60_000);
console.log(failures);
