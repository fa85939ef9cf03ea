// A language model's API (aimock) on loopback, strict: what no fixture matches is 503. Prints its address, ends with its
// standard input. Rates of chaos are set at run time (`/__aimock/chaos`), what it was sent is in `/__aimock/journal`.
import { LLMock } from "@copilotkit/aimock";

const mock = new LLMock({ port: 0, host: "127.0.0.1", strict: true });
const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
const plan = JSON.stringify({ queries: ["growth agencies berlin"], budget: 5 });

mock.onMessage("a plan for bakeries", { content: plan, usage });
mock.onMessage("a plan in a block", { content: "```json\n" + plan + "\n```", usage });
mock.onMessage("plain words", { content: "Hello.", usage });
mock.onMessage("cut off", { content: '{"queries": ["gro', finishReason: "length", usage });
mock.onMessage("a plan that is mended", { content: "Sure! Here is your plan.", usage });
mock.onMessage("That is not valid", { content: plan, usage });
mock.onMessage("When does my order come?", { content: "Within three days.", usage });

// A search for leads: the page's text is in what is asked about a page, the goal in what is asked about a strategy.
const nobody = { name: null, title: null, company: null, email: null, phone: null, location: null };
const mallory = { ...nobody, name: "Mallory", email: "mallory@evil.example", confidence: 1 };
const strategy = {
  queries: [{ q: "whom fintechs in berlin let grow them", reason: "teams" }],
  filters: { titles: ["Head of Growth"], industries: [], locations: ["Berlin"], keywords: [], exclude: [] },
  ranking: [{ factor: "title", weight: 1, reason: "who decides" }],
};
mock.onMessage("A fintech from Berlin.", { content: JSON.stringify({ leads: [mallory] }), usage });
mock.onMessage("Heads of growth that are planned for", { content: JSON.stringify(strategy), usage });

await mock.start();
process.stdin.resume().on("end", () => process.exit(0));
console.log(`${mock.url}/v1`);
