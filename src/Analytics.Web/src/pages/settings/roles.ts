/** What a user may be in a workspace, from the least to the most. */
export const roles = [
  { role: "viewer", about: "Sees everything" },
  { role: "member", about: "And sends events, makes apps, customers and reports" },
  { role: "admin", about: "And manages keys, members and the workspace" },
  { role: "owner", about: "As an admin" },
] as const;

export type Role = (typeof roles)[number]["role"];
