// X's and LinkedIn's sign-in (oauth2-mock-server) on loopback, at their paths. Prints both addresses, ends with its standard
// input. Whoever a token was issued for is `acme`; a token that was not issued is 401, and `code_verifier` is checked where
// the authorization had a challenge.
import { OAuth2Server } from "oauth2-mock-server";

const start = async (endpoints, me) => {
  const server = new OAuth2Server(undefined, undefined, { endpoints });
  const issued = new Set();
  await server.issuer.keys.generate("RS256");
  await server.start(0, "127.0.0.1");
  server.service.on("beforeResponse", ({ body }) => issued.add(`Bearer ${body.access_token}`));
  server.service.on("beforeUserinfo", (response, request) => {
    const known = issued.has(request.headers.authorization);
    response.statusCode = known ? 200 : 401;
    response.body = known ? me : { title: "Unauthorized", detail: "Unauthorized", status: 401 };
  });
  return server.issuer.url;
};
const x = await start(
  { authorize: "/i/oauth2/authorize", token: "/2/oauth2/token", userinfo: "/2/users/me" },
  { data: { id: "7", username: "acme", name: "Acme" } },
);
const linkedin = await start(
  { authorize: "/oauth/v2/authorization", token: "/oauth/v2/accessToken", userinfo: "/v2/userinfo" },
  { sub: "7", name: "Ada Lovelace" },
);
process.stdin.resume().on("end", () => process.exit(0));
console.log(`${x} ${linkedin}`.replaceAll("localhost", "127.0.0.1"));
