/** A way to send the first event. */
export interface Snippet {
  slug: string;
  name: string;
  /** What it needs. */
  note: string;
  text: (to: Target) => string;
}

/** Where to send it, and with what. */
export interface Target {
  /** Of the service, with a slash at its end. */
  root: string;
  workspaceId: string;
  /** Null: the reader has it in `ANALYTICS_KEY`. */
  key: string | null;
}

const curl = ({ root, workspaceId, key }: Target) => `curl ${root}api/events/ingest \\
  -H "Authorization: Bearer ${key ?? "$ANALYTICS_KEY"}" \\
  -H "Content-Type: application/json" \\
  -d '{
    "workspace_id": "${workspaceId}",
    "events": [{
      "name": "order.placed",
      "external_customer_id": "acme",
      "metadata": { "product": "apollo", "pieces": 3 }
    }]
  }'`;

// As text: what `dotnet run first.cs` builds has no reflection for JSON.
const csharp = ({
  root,
  workspaceId,
  key,
}: Target) => `using var http = new HttpClient { BaseAddress = new Uri("${root}") };
http.DefaultRequestHeaders.Authorization =
    new("Bearer", ${key ? `"${key}"` : `Environment.GetEnvironmentVariable("ANALYTICS_KEY")`});

var body = """
    {
      "workspace_id": "${workspaceId}",
      "events": [{
        "name": "order.placed",
        "external_customer_id": "acme",
        "metadata": { "product": "apollo", "pieces": 3 }
      }]
    }
    """;
var answer = await http.PostAsync("api/events/ingest", new StringContent(body, null, "application/json"));
Console.WriteLine(await answer.Content.ReadAsStringAsync());`;

const typescript = ({ root, workspaceId, key }: Target) => `const answer = await fetch("${root}api/events/ingest", {
  method: "POST",
  headers: {
    Authorization: \`Bearer ${key ?? `\${process.env.ANALYTICS_KEY}`}\`,
    "Content-Type": "application/json",
  },
  body: JSON.stringify({
    workspace_id: "${workspaceId}",
    events: [
      {
        name: "order.placed",
        external_customer_id: "acme",
        metadata: { product: "apollo", pieces: 3 },
      },
    ],
  }),
});
console.log(await answer.json());`;

export const snippets: Snippet[] = [
  { slug: "curl", name: "curl", note: "In any shell.", text: curl },
  {
    slug: "csharp",
    name: "C#",
    note: "dotnet run first.cs with .NET 10; in a project with any. Nothing but what comes with it.",
    text: csharp,
  },
  {
    slug: "typescript",
    name: "TypeScript",
    note: "node first.mts with Node 24, or npx tsx first.mts. Nothing but fetch.",
    text: typescript,
  },
];
