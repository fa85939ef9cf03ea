const { host, key, count } = window.test;
window.posthog.init(key, {
  api_host: host,
  opt_out_useragent_filter: true,
  autocapture: false,
  capture_pageview: false,
  capture_pageleave: false,
  disable_session_recording: true,
  rate_limiting: { events_per_second: 1_000, events_burst_limit: 10 * count }, // it drops more than ten a second
});
for (let n = 0; n < count; n += 1) window.posthog.capture("Order Completed", { n, revenue: 1.5 });
window.test.sent = true;
