import { QueryClientProvider } from "@tanstack/preact-query";
import { render } from "preact";
import { Router } from "wouter-preact";
import { base } from "./address/place.ts";
import { client } from "./api/client.ts";
import { App } from "./frame/App.tsx";
import { applyTheme } from "./frame/theme.ts";
import "./style/index.css";

applyTheme();

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
