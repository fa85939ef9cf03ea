const { host, key, count } = window.test;
const wallet = {
  isMetaMask: true,
  request: async ({ method }) => (method === "eth_chainId" ? "0x1" : ["0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"]),
  on: () => {},
  removeListener: () => {},
};
window.ethereum = wallet;
window.addEventListener("eip6963:requestProvider", () => {
  const info = { uuid: "0192f0c1-7c1a-4d3e-8f00-2b6f1e9a4c11", name: "Purse", icon: "data:,", rdns: "example.purse" };
  window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: { info, provider: wallet } }));
});
(async () => {
  const formo = await window.FormoAnalytics.FormoAnalytics.init(key, {
    apiHost: host + "/v0/raw_events",
    tracking: true,
    autocapture: false,
    flushInterval: 1_000,
  });
  for (let n = 0; n < count; n += 1) await formo.track("Order Completed", { n, revenue: 1.5 });
  window.test.sent = true;
})();
