// What `isbot` says of the user agents that `crawler-user-agents` and `top-user-agents` know, as JSON.
import { createRequire } from "node:module";
import { isbot } from "isbot";
import browsers from "top-user-agents";

const require = createRequire(import.meta.url);
const crawlers = require("crawler-user-agents").flatMap((each) => each.instances);
const verdicts = (texts) => texts.map((text) => [text, isbot(text)]);
console.log(JSON.stringify({ crawlers: verdicts(crawlers), browsers: verdicts(browsers) }));
