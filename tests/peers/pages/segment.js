const { host, key, count, leave } = window.test;
const deliveryStrategy = leave ? { strategy: "batching", config: { size: 10 * count, timeout: 600_000 } } : {};
const settings = { "Segment.io": { apiHost: host.replace("http://", "") + "/v1", protocol: "http", deliveryStrategy } };
const analytics = window.AnalyticsNext.AnalyticsBrowser.load({ writeKey: key, cdnURL: host }, { integrations: settings });
(async () => {
  for (let n = 0; n < count; n += 1) await analytics.track("Order Completed", { n, revenue: 1.5 });
  window.test.sent = true;
})();
