// node rudderstack.mjs HOST KEY < ids: tracks every line's id as an event, and says how often delivery failed.
import { createRequire } from "node:module";
import { lines } from "./lines.mjs";

const Analytics = createRequire(import.meta.url)("@rudderstack/rudder-sdk-node");
const [, , host, writeKey] = process.argv;
const analytics = new (Analytics.default ?? Analytics)(writeKey, {
  dataPlaneUrl: host,
  flushAt: 250,
  flushInterval: 200,
  maxQueueSize: 10 ** 9,
});
for (const messageId of await lines()) {
  analytics.track({ userId: "ada", event: "Order Completed", messageId, properties: { revenue: 1.5 } });
}
const failed = await new Promise((done) => analytics.flush((error) => done(error ? 1 : 0)));
console.log(failed);
