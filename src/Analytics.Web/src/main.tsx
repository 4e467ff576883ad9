import { QueryClientProvider } from "@tanstack/preact-query";
import { render } from "preact";
import { Router } from "wouter-preact";
import { client } from "./api/client.ts";
import { App } from "./frame/App.tsx";
import { applyTheme } from "./frame/theme.ts";
import "./style/index.css";

applyTheme();

// Wherever a proxy has put the page: the shell's <base> says it.
const base = new URL(document.baseURI).pathname.replace(/\/$/, "");
const place = document.getElementById("app");
if (place)
  render(
    <QueryClientProvider client={client}>
      <Router base={base}>
        <App />
      </Router>
    </QueryClientProvider>,
    place,
  );
