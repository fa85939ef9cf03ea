const { host, key, count } = window.test;
const Sdk = window.rudderanalytics?.RudderAnalytics ?? window.RudderAnalytics ?? window.rudderanalytics.constructor;
const analytics = new Sdk();
analytics.load(key, host, {
  configUrl: host,
  loadIntegration: false,
  queueOptions: { maxItems: 10 * count }, // it forgets what is more than 100 events behind
});
analytics.ready(() => {});
for (let n = 0; n < count; n += 1) analytics.track("Order Completed", { n, revenue: 1.5 });
window.test.sent = true;
