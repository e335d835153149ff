// GraphiQL for one GraphQL address. The page names it: <div id="graphiql" data-endpoint="/potsdam/graphql">.
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { parse } from "graphql";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "./graphiql.css";

// Three workers of our own origin: the editor must not fetch code from anywhere else.
const WORKERS = { graphql: "graphql.worker.js", json: "json.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    return new Worker(new URL(`./${WORKERS[label] ?? "editor.worker.js"}`, import.meta.url));
  },
};

const root = document.getElementById("graphiql");
const { endpoint, defaultQuery, defaultHeaders } = root.dataset;
const url = new URL(endpoint, location.href);
const socket = new URL(url);
socket.protocol = url.protocol.replace("http", "ws");

// For a subscription the toolkit sends what the header editor holds as the payload of connection_init.
const send = createGraphiQLFetcher({ url: url.href, subscriptionUrl: socket.href, enableIncrementalDelivery: false });

// The document that GraphiQL hands over lags behind quick typing, and a subscription would then go out by HTTP.
const fetcher = (parameters, options) => send(parameters, { ...options, documentAST: parsed(parameters.query) });

function parsed(query) {
  try {
    return parse(query);
  } catch {
    return undefined; // the server's answer names the syntax error
  }
}

// The history keeps the headers of every request whatever shouldPersistHeaders says, and headers hold tokens.
const LISTS_OF_REQUESTS = /:(queries|favorites|tabState)$/;
const withoutHeaders = (value) => JSON.stringify(JSON.parse(value), (name, inner) => (name === "headers" ? undefined : inner));

// One storage for each endpoint: the towns' tabs stay apart.
const storage = {
  key: (name) => `${endpoint}:${name}`,
  getItem: (name) => localStorage.getItem(storage.key(name)),
  setItem: (name, value) =>
    localStorage.setItem(storage.key(name), LISTS_OF_REQUESTS.test(name) ? withoutHeaders(value) : value),
  removeItem: (name) => localStorage.removeItem(storage.key(name)),
  clear: () => {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith(storage.key(""))) localStorage.removeItem(name);
    }
  },
  get length() {
    return Object.keys(localStorage).filter((name) => name.startsWith(storage.key(""))).length;
  },
};

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultQuery={defaultQuery}
    defaultHeaders={defaultHeaders}
    defaultEditorToolsVisibility="headers"
    shouldPersistHeaders={false}
    showPersistHeadersSettings={false}
  />,
);
