const { host, key, count } = window.test;
const account = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
const listeners = {};
let accounts = [];
const wallet = {
  isConnected: () => true,
  async request({ method }) {
    if (method === "eth_requestAccounts") {
      accounts = [account];
      listeners.accountsChanged?.forEach((hear) => hear(accounts));
    }
    if (method === "eth_accounts" || method === "eth_requestAccounts") return accounts;
    if (method === "eth_chainId") return "0x1";
    if (method === "eth_signTypedData_v4") return "0x" + "5e".repeat(65);
    if (method === "eth_sendTransaction") return "0x" + "7a".repeat(32);
    if (method === "eth_getTransactionReceipt") return { status: "0x1", blockNumber: "0x10", logs: [] };
    throw Object.assign(new Error(method), { code: 4200 });
  },
  on: (name, hear) => (listeners[name] ??= []).push(hear),
  removeListener: (name, hear) => (listeners[name] = (listeners[name] ?? []).filter((each) => each !== hear)),
};
const info = { uuid: "0192f0c1-7c1a-4d3e-8f00-2b6f1e9a4c11", name: "Purse", icon: "data:,", rdns: "example.purse" };
const announce = () =>
  window.dispatchEvent(
    new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider: wallet }) }),
  );
window.addEventListener("eip6963:requestProvider", announce);
announce();
(async () => {
  const formo = await new Promise((ready) =>
    window.formofy(key, { apiHost: host + "/v0/raw_events", tracking: true, flushInterval: 10_000, ready }),
  );
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  await pause(500);
  await wallet.request({ method: "eth_requestAccounts" });
  await pause(500);
  await wallet.request({ method: "eth_signTypedData_v4", params: [account, "{}"] });
  await wallet.request({
    method: "eth_sendTransaction",
    params: [{ from: account, to: "0x52908400098527886E0F7030069857D2E4169EE7", value: "0xde0b6b3a7640000", data: "0x" }],
  });
  // It sends twenty at a time, and loses them when two requests of it are under way: a browser lets 64 KB outlive a page.
  let underway = 0;
  for (let n = 0; n < count; n += 1) {
    underway += 1;
    await formo.track("Order Completed", { n, revenue: 1.5 }, undefined, () => (underway -= 1));
    while (underway >= 20) await pause(10);
  }
  window.test.sent = true;
})();
