// An OpenID provider (oauth2-mock-server) on loopback. Prints its issuer, ends with its standard input.
//
// Whoever "signs in" says who they are: the authorization request's `profile` parameter is JSON that is merged into
// the claims of the id_token; `{"deny": true}` is a person who refuses. `spoil` breaks the token: see below. With
// `{"plain": true}` it is as LinkedIn's: no nonce in its tokens, and a `code_verifier` is an error.
import { OAuth2Server } from "oauth2-mock-server";

const server = new OAuth2Server();
const people = new Map();

await server.issuer.keys.generate("RS256");
await server.start(0, "127.0.0.1");

server.service.on("beforeAuthorizeRedirect", ({ url }, request) => {
  const profile = JSON.parse(request.query.profile ?? "{}");
  if (profile.deny) {
    url.searchParams.set("error", "access_denied");
    url.searchParams.delete("code");
  }
  people.set(url.searchParams.get("code"), profile);
});

server.service.on("beforeTokenSigning", ({ payload }, request) => {
  const person = people.get(request.body.code);
  Object.assign(payload, person);
  if (person?.plain) {
    delete payload.nonce;
  }
});

server.service.on("beforeResponse", (response, request) => {
  const { spoil, plain } = people.get(request.body.code) ?? {};
  if (plain && request.body.code_verifier) {
    response.statusCode = 401;
    response.body = { error: "invalid_client" };
    return;
  }
  const token = response.body.id_token;
  if (spoil === "signature") {
    const [head, body] = token.split(".");
    response.body.id_token = [head, body, token.split(".")[2].replace(/^..../, "AAAA")].join(".");
  } else if (spoil === "alg") {
    const head = Buffer.from(JSON.stringify({ alg: "none", typ: "JWT" })).toString("base64url");
    response.body.id_token = [head, token.split(".")[1], ""].join(".");
  } else if (spoil === "missing") {
    delete response.body.id_token;
  } else if (spoil === "refused") {
    response.statusCode = 400;
    response.body = { error: "invalid_grant" };
  } else if (spoil === "down") {
    response.statusCode = 503;
  }
});

process.stdin.resume().on("end", () => process.exit(0));
console.log(server.issuer.url);
