import { get } from "../../api/call.ts";
import { panel } from "../../panels/row.ts";

export const keys = panel({
  id: "settings-keys",
  title: "Keys",
  about: "The workspace's keys, without their secrets; those behind shared links are among them.",
  call: ({ workspace }) =>
    get("/api/workspaces/{id}/keys", { at: { id: workspace.id }, query: { sort: "-created_at" } }),
  isStill: true,
});

export const shared = panel({
  id: "settings-shared",
  title: "Shared links",
  about:
    "The keys whose names begin with “shared: ”: whoever opens such a link sees what its key may read, until it ends.",
  call: ({ workspace }) =>
    get("/api/workspaces/{id}/keys", { at: { id: workspace.id }, query: { sort: "name", limit: 1000 } }),
  isStill: true,
});

export const members = panel({
  id: "settings-members",
  title: "Members",
  about: "The users who see this workspace, and what they may do here.",
  call: ({ workspace }) => get("/api/workspaces/{id}/members", { at: { id: workspace.id }, query: { sort: "name" } }),
  isStill: true,
});

export const invitations = panel({
  id: "settings-invitations",
  title: "Invitations",
  about: "Invitations that wait: neither opened nor over.",
  call: ({ workspace }) => get("/api/workspaces/{id}/invitations", { at: { id: workspace.id } }),
  isStill: true,
});
