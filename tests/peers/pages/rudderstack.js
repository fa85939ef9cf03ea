const { host, key, count, leave } = window.test;
const analytics = new window.rudderanalytics.RudderAnalytics();
analytics.load(key, host, {
  configUrl: host,
  loadIntegration: false,
  useBeacon: leave,
  queueOptions: { maxItems: 10 * count }, // it forgets what is more than 100 events behind
});
(async () => {
  for (let n = 0; n < count; n += 1) {
    analytics.track("Order Completed", { n, revenue: 1.5 });
    // It writes its whole queue to localStorage with every event: a page that never pauses has it do nothing else.
    if (n % 20 === 19) await new Promise((go) => setTimeout(go, 150));
  }
  window.test.sent = true;
})();
