// PostGraphile 5 with the check that every contender makes: token, right, town for row level security.
import { createServer } from "node:http";
import { createLocalJWKSet, jwtVerify } from "jose";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

const { port, pool, connection, issuer, audience, keys, towns, roles } = JSON.parse(process.env.BENCHMARK);
const keySet = createLocalJWKSet(keys);
const known = new Map();

// A good token is checked once and then taken from memory until it ends, as our own server does it.
async function claimsOf(header) {
  if (!header?.startsWith("Bearer ")) throw new Error("UNAUTHENTICATED");
  const token = header.slice(7);
  const kept = known.get(token);
  if (kept && kept.exp * 1000 > Date.now()) return kept;
  const { payload } = await jwtVerify(token, keySet, { issuer, audience, algorithms: ["ES256"] });
  if (known.size >= 10000) known.clear();
  known.set(token, payload);
  return payload;
}

const preset = {
  extends: [PostGraphileAmberPreset],
  // It hides conditions and orders without an index of their own; the comparison needs the same lists as ours.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({ connectionString: connection, schemas: ["public"], poolConfig: { max: pool, idleTimeoutMillis: 0 } }),
  ],
  grafserv: { graphqlPath: "/graphql", watch: false, graphiql: false, websockets: false, maxRequestLength: 1048576 },
  grafast: {
    explain: false,
    async context(request) {
      const { req } = request.node;
      const claims = await claimsOf(req.headers.authorization);
      const here = claims.organization?.[req.town]?.realm_access?.roles ?? [];
      return {
        pgSettings: {
          "app.tenant": String(towns[req.town]),
          "app.sees_devices": here.some((role) => roles.includes(role)) ? "on" : "off",
        },
      };
    },
  },
};

const server = createServer();
await postgraphile(preset).createServ(grafserv).addTo(server);
// The town stands in the address, as everywhere here.
const [handle] = server.listeners("request");
server.removeAllListeners("request");
server.on("request", (request, response) => {
  const [, town, rest] = request.url.split("/");
  if (!(town in towns) || rest !== "graphql") return response.writeHead(404).end();
  request.town = town;
  request.url = "/graphql";
  return handle(request, response);
});
server.listen(port, "127.0.0.1");
