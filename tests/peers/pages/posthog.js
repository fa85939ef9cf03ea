const { host, key, count } = window.test;
window.posthog.init(key, {
  api_host: host,
  opt_out_useragent_filter: true, // it sends nothing from a browser that is driven
  rate_limiting: { events_per_second: 1_000, events_burst_limit: 10 * count }, // it drops more than ten a second
  request_queue_config: { flush_interval_ms: 250 },
});
(async () => {
  for (let n = 0; n < count; n += 1) {
    window.posthog.capture("Order Completed", { n, revenue: 1.5 });
    // What it has at the end of an interval is one request: a page that never pauses sends one.
    if (n % 20 === 19) await new Promise((go) => setTimeout(go, 100));
  }
  window.test.sent = true;
})();
